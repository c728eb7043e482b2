package dev.caisson.template;

import dev.caisson.lifecycle.SandboxCreation;
import dev.caisson.pool.PoolSize;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template, as it is recorded.
 *
 * @param volume with its images, where it has any
 * @param isolation in which they were pulled
 * @param detail why it failed
 * @param pool how many of its sandboxes are kept ready, null for none
 */
record SandboxTemplate(
    String name,
    SandboxCreation sandbox,
    List<String> images,
    TemplateState state,
    @Nullable String volume,
    @Nullable String isolation,
    @Nullable String detail,
    Instant createdAt,
    @Nullable Instant readyAt,
    @Nullable PoolSize pool) {

  SandboxTemplate ready(@Nullable String inIsolation, Instant at) {
    return new SandboxTemplate(
        name, sandbox, images, TemplateState.READY, volume, inIsolation, null, createdAt, at, pool);
  }

  SandboxTemplate failed(String why) {
    return new SandboxTemplate(
        name, sandbox, images, TemplateState.FAILED, volume, null, why, createdAt, null, pool);
  }
}
