package dev.caisson.process;

import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** The conditions under which a process counts as ready: all that are given must hold. */
@Schema(name = "ProcessReadiness")
record ReadinessRequest(
    @Schema(description = "Port of the sandbox that must accept connections", example = "8080")
        @Min(1)
        @Max(65_535)
        @Nullable Integer port,
    @Schema(
            description = "Path that must be answered on `port` with 200 to 399",
            example = "/health")
        @Pattern(regexp = "/[!-~]{0,2047}", message = "must be a path such as /health")
        @Nullable String http,
    @Schema(
            description = "Regular expression that must be found in the output",
            example = "listening on \\d+")
        @Size(min = 1, max = 1000)
        @Nullable String output,
    @Schema(
            description = "Time that must have passed since the start",
            type = "string",
            example = "PT1S")
        @DurationMin(message = "must not be negative")
        @DurationMax(hours = 1, message = "must be at most PT1H")
        @Nullable Duration delay,
    @Schema(
            description = "Time after which the process has failed to become ready",
            type = "string",
            example = "PT60S")
        @DurationMin(millis = 1, message = "must be positive")
        @DurationMax(days = 1, message = "must be at most P1D")
        @Nullable Duration timeout) {

  Request.Readiness toReadiness() {
    if (http != null && port == null) {
      throw new ProcessException.Invalid("readiness.port", "is required with http");
    }
    if (output != null) {
      try {
        java.util.regex.Pattern.compile(output);
      } catch (PatternSyntaxException e) {
        throw new ProcessException.Invalid(
            "readiness.output", "is not a regular expression: " + e.getDescription());
      }
    }
    return new Request.Readiness(
        port == null ? 0 : port,
        http,
        output,
        delay == null ? 0 : delay.toMillis(),
        timeout == null ? 0 : timeout.toMillis());
  }
}
