package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The readiness of a process: whether it does what it was started for. */
@Schema(name = "ProcessReadinessState")
record ReadinessAnswer(
    ProcessInfo.Readiness.State state,
    @Schema(description = "Time when the state was decided") @Nullable Instant at,
    @Schema(description = "Reason why the process is not ready (yet): what was last seen")
        @Nullable String reason) {

  static @Nullable ReadinessAnswer from(ProcessInfo.@Nullable Readiness readiness) {
    return readiness == null
        ? null
        : new ReadinessAnswer(
            readiness.state(), ProcessAnswer.instantIfAny(readiness.at()), readiness.reason());
  }
}
