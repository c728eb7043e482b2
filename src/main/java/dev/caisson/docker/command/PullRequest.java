package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to pull an image by the daemon of a sandbox. */
@Schema(name = "DockerPull")
record PullRequest(
    @Schema(example = "nginx:latest") @NotNull @ImageName String image,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements DockerOperation {

  @Override
  public Request.Start toStart() {
    return DockerCommand.of("pull").arguments(List.of(image)).start(background, timeout);
  }

  @Override
  public boolean isPullFailure(int code) {
    return code != 0;
  }
}
