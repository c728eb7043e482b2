package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request to forget the credentials of a registry in a sandbox. */
@Schema(name = "DockerLogout")
record LogoutRequest(
    @RegistryAddress @Nullable String registry,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements DockerOperation {

  @Override
  public Request.Start toStart() {
    return DockerCommand.of("logout")
        .arguments(registry == null ? List.of() : List.of(registry))
        .env(Map.of("DOCKER_CONFIG", DockerCommand.PRIVATE_CONFIG))
        .start(background, timeout);
  }
}
