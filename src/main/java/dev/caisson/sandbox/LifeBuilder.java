package dev.caisson.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link Life}s: each method sets the component of its name, of which there is none
 * otherwise.
 */
public final class LifeBuilder {
  private final SandboxState state;
  private @Nullable EndReason reason;
  private @Nullable String detail;
  private final Instant createdAt;
  private @Nullable Instant readyAt;
  private @Nullable Instant expiresAt;
  private @Nullable Instant endedAt;

  LifeBuilder(SandboxState state, Instant createdAt) {
    this.state = state;
    this.createdAt = createdAt;
  }

  public LifeBuilder reason(@Nullable EndReason reason) {
    this.reason = reason;
    return this;
  }

  public LifeBuilder detail(@Nullable String detail) {
    this.detail = detail;
    return this;
  }

  public LifeBuilder readyAt(@Nullable Instant readyAt) {
    this.readyAt = readyAt;
    return this;
  }

  public LifeBuilder expiresAt(@Nullable Instant expiresAt) {
    this.expiresAt = expiresAt;
    return this;
  }

  public LifeBuilder endedAt(@Nullable Instant endedAt) {
    this.endedAt = endedAt;
    return this;
  }

  public Life build() {
    return new Life(state, reason, detail, createdAt, readyAt, expiresAt, endedAt);
  }
}
