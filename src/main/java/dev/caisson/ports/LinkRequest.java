package dev.caisson.ports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * A request for a link.
 *
 * @param path where the link leads at that port
 */
record LinkRequest(
    @JsonProperty(required = true) @Min(1) @Max(65535) @Schema(example = "3000") int port,
    @Schema(type = "string", example = "PT1H", defaultValue = "PT1H")
        @DurationMin(seconds = 1, message = "must be at least PT1S")
        @DurationMax(days = 7, message = "must be at most P7D")
        @Nullable Duration ttl,
    @Schema(example = "/", defaultValue = "/")
        @Pattern(
            regexp = "/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*",
            message = "must begin with a slash, and be encoded as in a URL")
        @Nullable String path) {
  private static final Duration HOUR = Duration.ofHours(1);

  Duration life() {
    return ttl == null ? HOUR : ttl;
  }
}
