package dev.caisson.docker;

import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** An image to be pulled by the daemon of a sandbox. */
@Schema(name = "DockerPull")
record PullRequest(
    @Schema(example = "nginx:latest")
        @NotNull
        @Size(max = DockerCommand.MOST_CHARACTERS)
        @Pattern(regexp = DockerCommand.IMAGE, message = DockerCommand.IMAGE_MESSAGE)
        String image,
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
    return DockerCommand.start(List.of("pull", "--", image), Map.of(), background, timeout);
  }
}
