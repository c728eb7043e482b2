package dev.caisson.docker.command;

import dev.caisson.process.ProcessException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of the Docker CLI in a sandbox, as the process it is. Secrets are put into its environment
 * or its input, never on its command line.
 */
public final class DockerCommand {
  static final int MOST_CHARACTERS = 512;
  static final String NO_NUL = "(?s)[^\\x00]*";
  static final String NO_NUL_MESSAGE = "must not contain a NUL character";

  /** The configuration of the CLI that keeps secrets with the supervisor, in no file. */
  static final String PRIVATE_CONFIG = "/run/caisson-docker/cli";

  /** The option by which the supervisor knows what a run has made, up to a name of its own. */
  static final String CONTAINER_ID = "--cidfile=/run/caisson-docker/run-";

  /** The variables that the CLI, its loader, its plugins or the search for it obey themselves. */
  private static final Pattern OF_THE_CLI =
      Pattern.compile("PATH|HOME|LD_.*|DOCKER_.*|BUILDX_.*|COMPOSE_.*");

  /**
   * The variables that the CLI obeys when it starts a container; the others are the container's.
   */
  private static final Pattern OF_RUN = Pattern.compile("PATH|HOME|LD_.*|DOCKER_.*");

  /** The user of every call: the image's USER may be one that cannot open the daemon's socket. */
  private static final String USER = "0:0";

  private final List<String> line = new ArrayList<>(List.of("docker"));
  private final Map<String, String> env = new TreeMap<>();
  private @Nullable String cwd;
  private byte @Nullable [] input;
  private boolean openInput;

  private DockerCommand() {}

  public static DockerCommand of(String... words) {
    return new DockerCommand().words(List.of(words));
  }

  /** Adds words that no caller chose, or that follow {@code --}. */
  public DockerCommand words(@Nullable List<String> words) {
    if (words != null) {
      line.addAll(words);
    }
    return this;
  }

  /** Puts another program first, which runs the line it is given. */
  public DockerCommand by(String... program) {
    line.addAll(0, List.of(program));
    return this;
  }

  /** Adds the option, if it is wanted. */
  public DockerCommand flag(String option, @Nullable Boolean wanted) {
    if (Boolean.TRUE.equals(wanted)) {
      line.add(option);
    }
    return this;
  }

  /** Adds the option with its value, in one word, if there is a value. */
  public DockerCommand option(String option, @Nullable Object value) {
    if (value != null) {
      line.add(option + "=" + value);
    }
    return this;
  }

  /** Adds the option once for each value. */
  public DockerCommand each(String option, @Nullable Iterable<String> values) {
    if (values != null) {
      values.forEach(value -> option(option, value));
    }
    return this;
  }

  /** Adds {@code --} and the arguments, none of which can then be taken for an option. */
  public DockerCommand arguments(@Nullable List<String> arguments) {
    line.add("--");
    return words(arguments);
  }

  public DockerCommand env(Map<String, String> variables) {
    env.putAll(variables);
    return this;
  }

  public DockerCommand in(@Nullable String directory) {
    cwd = directory;
    return this;
  }

  /** Sets the whole input. */
  public DockerCommand input(byte @Nullable [] bytes) {
    input = bytes;
    return this;
  }

  /** Keeps the input open: it follows, piece by piece. */
  DockerCommand inputFollows() {
    openInput = true;
    return this;
  }

  public Request.Start start(@Nullable Boolean background, @Nullable Duration timeout) {
    return Request.Start.builder(line)
        .cwd(cwd)
        .env(env)
        .user(USER)
        .background(Boolean.TRUE.equals(background))
        .stdin(input)
        .timeoutMillis(timeout == null ? 0 : timeout.toMillis())
        .openInput(openInput)
        .build();
  }

  /**
   * Returns the variables, which reach the container by way of the CLI's own environment.
   *
   * @throws ProcessException.Invalid if one would change the CLI instead; names it
   */
  static Map<String, String> forContainer(Map<String, String> env) {
    return checked("env", env, OF_RUN);
  }

  /**
   * Returns the variables, which the CLI and its plugins read from their own environment.
   *
   * @param field of the request that they are in
   * @throws ProcessException.Invalid if one would change the CLI instead; names it
   */
  public static Map<String, String> forClient(String field, Map<String, String> env) {
    return checked(field, env, OF_THE_CLI);
  }

  private static Map<String, String> checked(
      String field, Map<String, String> env, Pattern reserved) {
    for (String name : env.keySet()) {
      if (reserved.matcher(name).matches()) {
        throw new ProcessException.Invalid(
            field + "." + name,
            "changes the Docker CLI itself; start docker as an ordinary process instead");
      }
    }
    return env;
  }

  /** Returns the names of these values, for a text that must not have the values. */
  public static Collection<String> names(@Nullable Map<String, ?> values) {
    return values == null ? List.of() : values.keySet();
  }
}
