package dev.caisson.docker.command;

import dev.caisson.process.Environment;
import dev.caisson.process.ProcessException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The command that builds with BuildKit, by the kit's plugin. */
final class BuildCommand {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /**
   * The name of a variable that holds a secret, before its number; so it can never be one of the
   * CLI's.
   */
  private static final String SECRET = "CAISSON_BUILD_SECRET_";

  private BuildCommand() {}

  /**
   * Returns the command with these options, but without its context.
   *
   * @param buildArgs their values, like those of {@code secrets}, are in the environment of the CLI
   *     alone
   */
  static DockerCommand of(
      BuildOptions options,
      @Nullable Map<String, @Nullable String> buildArgs,
      @Nullable Map<String, @Nullable String> secrets) {
    Map<String, String> args =
        DockerCommand.forClient(
            "buildArgs", named("buildArgs", Environment.checked("buildArgs", buildArgs)));
    Map<String, String> values = named("secrets", Environment.checked("secrets", secrets));
    Map<String, String> variables = new TreeMap<>(args);
    DockerCommand command =
        DockerCommand.of("build")
            .each("--tag", options.tags())
            .option("--file", options.dockerfile())
            .option("--target", options.target())
            .option("--platform", options.platform())
            .flag("--no-cache", options.noCache())
            .flag("--pull", options.pull())
            .each("--build-arg", args.keySet());
    int number = 0;
    for (Map.Entry<String, String> secret : values.entrySet()) {
      String variable = SECRET + number++;
      variables.put(variable, secret.getValue());
      command.option("--secret", "id=" + secret.getKey() + ",env=" + variable);
    }
    return command.env(variables);
  }

  private static Map<String, String> named(String field, Map<String, String> values) {
    for (String name : values.keySet()) {
      if (!NAME.matcher(name).matches() || name.startsWith(SECRET)) {
        throw new ProcessException.Invalid(
            field, "must have names that contain only letters, digits, _, . and -");
      }
    }
    return values;
  }
}
