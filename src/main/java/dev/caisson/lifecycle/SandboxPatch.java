package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.AssertTrue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a change; what is absent stays as it is. */
@Schema(name = "SandboxPatch", example = "{\"ttl\": \"PT1H\", \"labels\": {\"team\": \"ci\"}}")
record SandboxPatch(
    @Schema(
            type = "string",
            format = "duration",
            nullable = true,
            example = "PT1H",
            description = "New ttl, from now; null: until deleted")
        @Nullable Ttl ttl,
    @Schema(description = "New labels, which replace all existing ones. " + Said.LABEL_BOUNDS)
        @Nullable Map<String, String> labels) {

  @AssertTrue(message = Said.LABELS)
  @Schema(hidden = true)
  boolean isLabels() {
    return Said.areLabels(labels);
  }

  @AssertTrue(message = "must be positive")
  @Schema(hidden = true)
  boolean isTtl() {
    return ttl == null || ttl.isPositive();
  }

  SandboxSpec applyTo(SandboxSpec spec) {
    return spec.with(
        ttl == null ? spec.ttl() : ttl.life(), labels == null ? spec.labels() : labels);
  }
}
