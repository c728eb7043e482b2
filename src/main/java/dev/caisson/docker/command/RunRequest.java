package dev.caisson.docker.command;

import dev.caisson.docker.DaemonWait;
import dev.caisson.process.Environment;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request to run a container by the daemon of a sandbox. */
@Schema(name = "DockerRun", example = "{\"image\": \"nginx:latest\", \"remove\": true}")
record RunRequest(
    @Schema(example = "nginx:latest") @NotNull @ImageName String image,
    @Schema(description = "Command in place of the image's own", example = "[\"nginx\", \"-t\"]")
        @Size(max = 10_000)
        @Nullable
            List<
                @NotNull
                @Pattern(regexp = DockerCommand.NO_NUL, message = DockerCommand.NO_NUL_MESSAGE)
                String>
            command,
    @Schema(description = "Environment of the container; the values never appear in a command line")
        @Nullable Map<String, @Nullable String> env,
    @Schema(description = "Ports to publish in the sandbox", example = "[\"8080:80\"]")
        @Size(max = 1000)
        @Nullable
            List<
                @NotNull
                @Pattern(
                    regexp = "[0-9A-Za-z.:\\[\\]-]{1,100}(/(tcp|udp|sctp))?",
                    message = "must be a port such as 8080:80")
                String>
            ports,
    @Schema(example = "streams")
        @Pattern(
            regexp = "[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}",
            message =
                "must begin with a letter or digit, and contain only letters, digits, _, . and -")
        @Nullable String name,
    @Schema(description = "Whether to remove the container when it ends", example = "true")
        @Nullable Boolean remove,
    @Schema(
            description =
                "Whether to leave the container to the daemon: the process ends once the container"
                    + " runs")
        @Nullable Boolean detach,
    @Schema(description = "Volumes, as in `docker run`", example = "[\"/workspace:/src:ro\"]")
        @Size(max = 1000)
        @Nullable
            List<
                @NotNull
                @Pattern(
                    regexp = "[^-\\x00][^\\x00]{0,4095}",
                    message = "must be a volume such as /workspace:/src")
                String>
            volumes,
    @InBackground @Nullable Boolean background,
    @ProcessLife @Nullable Duration timeout,
    @DaemonWait @Nullable Duration waitForReady)
    implements DockerOperation {

  @Override
  public Request.Start toStart() {
    Map<String, String> variables = DockerCommand.forContainer(Environment.checked(env));
    return DockerCommand.of("run")
        .flag("--rm", remove)
        .flag("--detach", detach)
        .option("--name", name)
        .each("--publish", ports)
        .each("--volume", volumes)
        // The name alone: the CLI takes the value from its own environment, where no ps shows it.
        .each("--env", variables.keySet())
        .arguments(List.of(image))
        .words(command)
        .env(variables)
        .start(background, timeout);
  }

  /**
   * Has the CLI write the container's id where the supervisor looks for it when the process has
   * been ended: the CLI, once killed, leaves its container running.
   */
  @Override
  public Request.Start unique(Request.Start start) {
    if (Boolean.TRUE.equals(detach)) {
      return start;
    }
    List<String> line = new ArrayList<>(start.command());
    line.add(2, DockerCommand.CONTAINER_ID + UUID.randomUUID());
    return start.with(line);
  }

  /**
   * Returns whether the code is 125, by which the CLI says that Docker failed and not the
   * container.
   */
  @Override
  public boolean isPullFailure(int code) {
    return code == 125;
  }

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "RunRequest[image=%s, env=%s]".formatted(image, env == null ? "{}" : env.keySet());
  }
}
