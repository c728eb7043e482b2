package dev.caisson.sandbox;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.AssertTrue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a change; what is absent stays as it is. */
// A ttl that is absent, null or given are three things: JSON can say them, so can this.
@SuppressWarnings("NullableOptional")
@Schema(name = "SandboxPatch")
record SandboxPatch(
    @Schema(
            type = "string",
            format = "duration",
            nullable = true,
            example = "PT1H",
            description = "From now; null: until deleted")
        @Nullable Optional<Duration> ttl,
    @Schema(description = "Replaces all labels") @Nullable Map<String, String> labels) {

  @AssertTrue(message = "must be positive")
  @Schema(hidden = true)
  boolean isTtl() {
    return ttl == null || ttl.map(Duration::isPositive).orElse(true);
  }

  SandboxSpec applyTo(SandboxSpec spec) {
    return spec.with(
        ttl == null ? spec.ttl() : ttl.orElse(null), labels == null ? spec.labels() : labels);
  }
}
