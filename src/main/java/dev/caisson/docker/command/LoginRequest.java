package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for the daemon of one sandbox. The password is not validated by annotation: a
 * violation would carry it.
 */
@Schema(name = "DockerLogin")
record LoginRequest(
    @RegistryAddress @Nullable String registry,
    @Schema(example = "ci")
        @NotNull
        @Pattern(regexp = "[^\\x00]{1,255}", message = "must be 1 to 255 characters")
        String username,
    @Schema(description = "Password or token; never returned, never logged", format = "password")
        @Nullable String password,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements DockerOperation {

  private static final int MOST_PASSWORD = 8192;

  @Override
  public Request.Start toStart() {
    if (password == null || password.isEmpty() || password.length() > MOST_PASSWORD) {
      throw new ProcessException.Invalid(
          "password", "must be 1 to " + MOST_PASSWORD + " characters");
    }
    return DockerCommand.of("login")
        .option("--username", username)
        .flag("--password-stdin", true)
        .arguments(registry == null ? List.of() : List.of(registry))
        .env(Map.of("DOCKER_CONFIG", DockerCommand.PRIVATE_CONFIG))
        .input(password.getBytes(StandardCharsets.UTF_8))
        .start(background, timeout);
  }

  @Override
  public String toString() {
    return "LoginRequest[registry=%s, username=%s]".formatted(registry, username);
  }
}
