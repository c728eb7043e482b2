package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to push an image to its registry by the daemon of a sandbox. */
@Schema(name = "DockerPush")
record PushRequest(
    @Schema(example = "ghcr.io/team/app:1.2") @NotNull @ImageName String image,
    @Schema(description = "Whether to push every tag of the image") @Nullable Boolean allTags,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements DockerOperation {

  @Override
  public Request.Start toStart() {
    return DockerCommand.of("push")
        .flag("--all-tags", allTags)
        .arguments(List.of(image))
        .start(background, timeout);
  }
}
