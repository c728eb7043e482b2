package dev.caisson.docker;

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
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A container to be run by the daemon of a sandbox. */
@Schema(name = "DockerRun")
record RunRequest(
    @Schema(example = "nginx:latest")
        @NotNull
        @Size(max = DockerCommand.MOST_CHARACTERS)
        @Pattern(regexp = DockerCommand.IMAGE, message = DockerCommand.IMAGE_MESSAGE)
        String image,
    @Schema(description = "In place of the image's own.", example = "[\"nginx\", \"-t\"]")
        @Size(max = 10_000)
        @Nullable
            List<
                @NotNull
                @Pattern(regexp = DockerCommand.NO_NUL, message = DockerCommand.NO_NUL_MESSAGE)
                String>
            command,
    @Schema(description = "Of the container; values never show in a command line.")
        @Nullable Map<String, @Nullable String> env,
    @Schema(description = "Published in the sandbox.", example = "[\"8080:80\"]") @Size(max = 1000)
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
            message = "must begin with a letter or digit, and hold those, _ . and - only")
        @Nullable String name,
    @Schema(description = "Remove the container when it ends.", example = "true")
        @Nullable Boolean remove,
    @Schema(description = "Leave it to the daemon: the process ends when it runs.")
        @Nullable Boolean detach,
    @Schema(description = "As in docker run.", example = "[\"/workspace:/src:ro\"]")
        @Size(max = 1000)
        @Nullable
            List<
                @NotNull
                @Pattern(
                    regexp = "[^-\\x00][^\\x00]{0,4095}",
                    message = "must be a volume such as /workspace:/src")
                String>
            volumes,
    @Schema(description = "Answer at once with the pid.", example = "false")
        @Nullable Boolean background,
    @Schema(description = "Life of the process.", type = "string", example = "PT5M")
        @DurationMin(millis = 1, message = "must be longer than nothing")
        @DurationMax(days = 365, message = "must be at most P365D")
        @Nullable Duration timeout,
    @Schema(description = "For the daemon, before it begins.", type = "string", example = "PT60S")
        @DurationMin(message = "must not be negative")
        @DurationMax(minutes = 10, message = "must be at most PT10M")
        @Nullable Duration waitForReady) {

  Request.Start toStart() {
    Map<String, String> variables = DockerCommand.forContainer(Environment.checked(env));
    List<String> line = new ArrayList<>(List.of("run"));
    if (Boolean.TRUE.equals(remove)) {
      line.add("--rm");
    }
    if (Boolean.TRUE.equals(detach)) {
      line.add("--detach");
    }
    if (name != null) {
      line.add("--name=" + name);
    }
    each(line, "--publish=", ports);
    each(line, "--volume=", volumes);
    // The name alone: the CLI takes the value from its own environment, where no ps shows it.
    variables.keySet().forEach(variable -> line.add("--env=" + variable));
    line.add("--");
    line.add(image);
    each(line, "", command);
    return DockerCommand.start(line, variables, background, timeout);
  }

  private static void each(List<String> line, String option, @Nullable List<String> values) {
    if (values != null) {
      values.forEach(value -> line.add(option + value));
    }
  }

  /** Names the variables only. */
  @Override
  public String toString() {
    return "RunRequest[image=%s, env=%s]".formatted(image, env == null ? "{}" : env.keySet());
  }
}
