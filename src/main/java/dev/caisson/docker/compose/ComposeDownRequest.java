package dev.caisson.docker.compose;

import dev.caisson.docker.DaemonWait;
import dev.caisson.docker.command.DockerCommand;
import dev.caisson.docker.command.InBackground;
import dev.caisson.docker.command.ProcessLife;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A request to stop and remove a compose project. */
@Schema(name = "ComposeDown")
public record ComposeDownRequest(
    @Valid @Nullable ComposeSource source,
    @Schema(description = "Whether to remove the project's volumes, too") @Nullable Boolean volumes,
    @Nullable Boolean removeOrphans,
    @Schema(
            description = "Time for the containers to end by themselves",
            type = "string",
            example = "PT10S")
        @DurationMin(message = "must not be negative")
        @DurationMax(hours = 1, message = "must be at most PT1H")
        @Nullable Duration grace,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements ComposeVerb {

  @Override
  public DockerCommand add(DockerCommand compose) {
    return compose
        .words(List.of("down"))
        .flag("--volumes", volumes)
        .flag("--remove-orphans", removeOrphans)
        .option("--timeout", grace == null ? null : grace.toSeconds());
  }

  @Override
  public boolean needsSource() {
    return false;
  }
}
