package dev.caisson.docker.compose;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caisson.docker.DaemonWait;
import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.InBackground;
import dev.caisson.docker.command.ProcessLife;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A request to start a compose project. */
@Schema(name = "ComposeUp")
public record ComposeUpRequest(
    @Valid @Nullable ComposeSource source,
    @ServiceNames @Size(max = ServiceNames.MOST)
        @Nullable List<@NotNull @ServiceName String> services,
    @Schema(
            description =
                "Whether to leave the containers to the daemon: the process ends when all have"
                    + " started",
            defaultValue = "true")
        @Nullable Boolean detach,
    @Schema(
            description =
                "Whether to wait until every container runs (and is healthy, if it has a health"
                    + " check), or has ended with 0 if it is a job, which is not restarted")
        @JsonProperty("wait")
        @Nullable Boolean untilRunning,
    @Schema(description = "Maximum time for `wait`", type = "string", example = "PT2M")
        @DurationMin(seconds = 1, message = "must be at least PT1S")
        @DurationMax(days = 1, message = "must be at most P1D")
        @Nullable Duration waitTimeout,
    @Schema(description = "Whether to build images first") @Nullable Boolean build,
    @Schema(
            description =
                "Whether to remove the containers of services that are no longer in the source")
        @Nullable Boolean removeOrphans,
    @Nullable Boolean forceRecreate,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements ComposeVerb {

  /**
   * The kit's program for the wait (kit/compose-up.c): compose's own wait takes a job that has
   * ended for a failure.
   */
  private static final String WAITING = "/opt/caisson/docker/bin-helpers/compose-up";

  @Override
  public DockerCommand add(DockerCommand compose) {
    if (!Boolean.TRUE.equals(untilRunning)) {
      return up(compose.words(List.of("up")).flag("--detach", !Boolean.FALSE.equals(detach)));
    }
    String seconds = Objects.requireNonNullElse(ComposeVerb.seconds(waitTimeout), "0");
    return up(compose.by(WAITING, seconds).words(List.of("up", "--detach")));
  }

  @Override
  public @Nullable DockerCommand addForOlderKit(DockerCommand compose) {
    return Boolean.TRUE.equals(untilRunning)
        ? up(
            compose
                .words(List.of("up", "--detach", "--wait"))
                .option("--wait-timeout", ComposeVerb.seconds(waitTimeout)))
        : null;
  }

  private DockerCommand up(DockerCommand compose) {
    return compose
        .flag("--build", build)
        .flag("--remove-orphans", removeOrphans)
        .flag("--force-recreate", forceRecreate)
        .arguments(services);
  }

  @Override
  public boolean needsSource() {
    return true;
  }
}
