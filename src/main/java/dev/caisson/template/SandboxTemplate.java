package dev.caisson.template;

import dev.caisson.sandbox.SandboxCreation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template, as it is recorded.
 *
 * @param volume with its images, where it has any
 * @param isolation in which they were pulled
 * @param detail why it failed
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
    @Nullable Instant readyAt) {

  SandboxTemplate ready(@Nullable String inIsolation, Instant at) {
    return new SandboxTemplate(
        name, sandbox, images, TemplateState.READY, volume, inIsolation, null, createdAt, at);
  }

  SandboxTemplate failed(String why) {
    return new SandboxTemplate(
        name, sandbox, images, TemplateState.FAILED, volume, null, why, createdAt, null);
  }
}
