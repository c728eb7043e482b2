package dev.caisson.process;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;

/**
 * A request to start a process again when it has ended: each attempt is a process of its own, which
 * names the one before and the one after it.
 */
@Schema(
    name = "RestartProcess",
    description =
        "Restart policy. A process is restarted after 250 ms; the delay doubles each time up to 5"
            + " s, with at most 5 restarts within 60 s. A process that was ended on request is not"
            + " restarted. Each attempt has its own pid.")
record RestartRequest(@Schema(example = "on-failure") @NotNull Policy policy) {

  /** The ends after which a process is started again. */
  enum Policy {
    @JsonProperty("never")
    NEVER(Request.RestartPolicy.NEVER),
    /** A restart after any end but exit code 0. */
    @JsonProperty("on-failure")
    ON_FAILURE(Request.RestartPolicy.ON_FAILURE),
    @JsonProperty("always")
    ALWAYS(Request.RestartPolicy.ALWAYS);

    final Request.RestartPolicy wire;

    Policy(Request.RestartPolicy wire) {
      this.wire = wire;
    }

    static Policy of(Request.RestartPolicy wire) {
      return switch (wire) {
        case NEVER -> NEVER;
        case ON_FAILURE -> ON_FAILURE;
        case ALWAYS -> ALWAYS;
      };
    }
  }
}
