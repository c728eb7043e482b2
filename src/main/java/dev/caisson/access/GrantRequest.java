package dev.caisson.access;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** A request for a grant: of what, and for how long. */
record GrantRequest(
    @NotNull(message = "is required: DOCKER or PORT") Grant.Scope scope,
    @Schema(description = "Port to grant access to, with the scope PORT") @Min(1) @Max(65535)
        @Nullable Integer port,
    @Schema(type = "string", example = "PT1H", defaultValue = "PT1H")
        @DurationMin(seconds = 1, message = "must be at least PT1S")
        @DurationMax(days = 7, message = "must be at most P7D")
        @Nullable Duration ttl) {
  static final Duration HOUR = Duration.ofHours(1);

  @AssertTrue(message = "is required with the scope PORT, and not allowed with any other")
  @Schema(hidden = true)
  boolean isPort() {
    return (scope == Grant.Scope.PORT) == (port != null);
  }

  Duration life() {
    return ttl == null ? HOUR : ttl;
  }
}
