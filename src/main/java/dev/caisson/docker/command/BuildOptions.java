package dev.caisson.docker.command;

import dev.caisson.process.Environment;
import dev.caisson.process.ProcessException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of a build, wherever its context comes from.
 *
 * @param buildArgs their values, like those of {@code secrets}, are in the environment of the CLI
 *     alone
 */
public record BuildOptions(
    @Nullable List<String> tags,
    @Nullable String dockerfile,
    @Nullable String target,
    @Nullable String platform,
    @Nullable Boolean noCache,
    @Nullable Boolean pull,
    @Nullable Map<String, @Nullable String> buildArgs,
    @Nullable Map<String, @Nullable String> secrets) {

  static final String PLATFORM = "[a-zA-Z0-9][a-zA-Z0-9/._,-]{0,254}";
  static final String PLATFORM_MESSAGE = "must be a platform such as linux/arm64";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /**
   * The name of a variable that holds a secret, before its number; so it can never be one of the
   * CLI's.
   */
  private static final String SECRET = "CAISSON_BUILD_SECRET_";

  /** Returns the command that builds with BuildKit, by the kit's plugin. */
  DockerCommand toCommand() {
    Map<String, String> args =
        DockerCommand.forClient(
            "buildArgs", named("buildArgs", Environment.checked("buildArgs", buildArgs)));
    Map<String, String> values = named("secrets", Environment.checked("secrets", secrets));
    Map<String, String> variables = new TreeMap<>(args);
    DockerCommand command =
        DockerCommand.of("build")
            .each("--tag", tags)
            .option("--file", dockerfile)
            .option("--target", target)
            .option("--platform", platform)
            .flag("--no-cache", noCache)
            .flag("--pull", pull)
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

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "BuildOptions[tags=%s, buildArgs=%s, secrets=%s]"
        .formatted(tags, names(buildArgs), names(secrets));
  }

  public static Object names(@Nullable Map<String, ?> values) {
    return values == null ? List.of() : values.keySet();
  }
}
