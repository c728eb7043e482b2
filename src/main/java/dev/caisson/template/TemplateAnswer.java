package dev.caisson.template;

import dev.caisson.lifecycle.SandboxCreation;
import dev.caisson.pool.PoolStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template as it is answered. */
@Schema(name = "Template")
record TemplateAnswer(
    String name,
    TemplateState state,
    @Schema(description = "Reason why the template failed") @Nullable String detail,
    SandboxCreation sandbox,
    List<String> images,
    @Schema(description = "Isolation mode in which the images were pulled", example = "userns")
        @Nullable String isolation,
    Instant createdAt,
    @Nullable Instant readyAt,
    @Schema(description = "Pool of spare sandboxes; null if none are kept")
        @Nullable PoolStatus pool) {

  static TemplateAnswer from(SandboxTemplate template, @Nullable PoolStatus pool) {
    return new TemplateAnswer(
        template.name(),
        template.state(),
        template.detail(),
        template.sandbox(),
        template.images(),
        template.isolation(),
        template.createdAt(),
        template.readyAt(),
        pool);
  }
}
