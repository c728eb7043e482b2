package dev.caisson.docker;

import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A call of the Docker CLI in a sandbox, as the process it is. */
final class DockerCommand {
  /** An image by name, tag or digest; it cannot be taken for an option. */
  static final String IMAGE = "[A-Za-z0-9\\[][A-Za-z0-9._/:@\\[\\]-]*";

  static final String IMAGE_MESSAGE = "must be an image such as nginx:latest";
  static final int MOST_CHARACTERS = 512;
  static final String NO_NUL = "(?s)[^\\x00]*";
  static final String NO_NUL_MESSAGE = "must not contain a NUL character";

  /** What the CLI, its loader or the search for it obeys itself. */
  private static final Pattern OF_THE_CLI = Pattern.compile("PATH|HOME|LD_.*|DOCKER_.*");

  /** The image's USER may be one who cannot open the daemon's socket. */
  private static final String USER = "0:0";

  private DockerCommand() {}

  static Request.Start start(
      List<String> arguments,
      Map<String, String> env,
      @Nullable Boolean background,
      @Nullable Duration timeout) {
    List<String> command = new ArrayList<>(arguments);
    command.addFirst("docker");
    return new Request.Start(
        command,
        false,
        null,
        env,
        USER,
        Boolean.TRUE.equals(background),
        null,
        timeout == null ? 0 : timeout.toMillis(),
        0);
  }

  /**
   * The variables, which reach the container by way of the CLI's own environment.
   *
   * @throws ProcessException.Invalid that names one which would change the CLI instead
   */
  static Map<String, String> forContainer(Map<String, String> env) {
    for (String name : env.keySet()) {
      if (OF_THE_CLI.matcher(name).matches()) {
        throw new ProcessException.Invalid(
            "env." + name,
            "would change the docker CLI itself; start docker run as a process of your own");
      }
    }
    return env;
  }
}
