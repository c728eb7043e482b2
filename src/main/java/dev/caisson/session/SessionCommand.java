package dev.caisson.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A command of a session; its input is not validated by annotation, which would repeat it. */
@Schema(name = "SessionCommand", example = "{\"command\": \"cd src && export CC=clang && make\"}")
record SessionCommand(
    @Schema(description = "Command lines for the shell", example = "cd src && make")
        @NotNull
        @Size(min = 1, max = 128 << 10)
        @Pattern(regexp = "(?s)[^\\x00]*", message = "must not contain a NUL character")
        String command,
    @Schema(
            description = "Whether to answer at once with the pid, instead of at the end",
            example = "false")
        @Nullable Boolean background,
    @Schema(description = "Input of the command; none if absent") @Nullable String stdin,
    @Schema(
            description = "Maximum run time of the process, after which it gets TERM, then KILL",
            type = "string",
            example = "PT5M")
        @DurationMin(millis = 1, message = "must be positive")
        @DurationMax(days = 365, message = "must be at most P365D")
        @Nullable Duration timeout) {

  byte @Nullable [] input() {
    return stdin == null ? null : stdin.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "SessionCommand[" + command + "]";
  }
}
