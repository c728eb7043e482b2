package dev.caisson.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a sandbox through its life: its state, with the reason, and the times.
 *
 * @param detail what a person should know about the reason
 * @param expiresAt when it ends if nothing happens in it, null for never
 */
public record Life(
    SandboxState state,
    @Nullable EndReason reason,
    @Nullable String detail,
    Instant createdAt,
    @Nullable Instant readyAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt) {

  /** Returns the builder of a life that began at this moment. */
  public static LifeBuilder builder(SandboxState state, Instant createdAt) {
    return new LifeBuilder(state, createdAt);
  }

  static Life starting(Instant now) {
    return builder(SandboxState.STARTING, now).build();
  }

  Life ready(Instant at) {
    SandboxState next = state.next(SandboxState.Event.ANSWERED);
    return builder(next, createdAt).readyAt(at).build();
  }

  public Life expiring(Instant at) {
    return new Life(state, reason, detail, createdAt, readyAt, at, endedAt);
  }

  public Life ending(EndReason why, @Nullable String more) {
    SandboxState next = state.next(SandboxState.Event.END);
    return builder(next, createdAt).reason(why).detail(more).readyAt(readyAt).build();
  }

  public Life ended(Instant at) {
    SandboxState next = state.next(SandboxState.Event.GONE);
    return over(next, reason, detail, at);
  }

  public Life failed(Instant at, String more) {
    SandboxState next = state.next(SandboxState.Event.START_FAILED);
    return over(next, EndReason.START_FAILED, more, at);
  }

  private Life over(SandboxState next, @Nullable EndReason why, @Nullable String more, Instant at) {
    return builder(next, createdAt).reason(why).detail(more).readyAt(readyAt).endedAt(at).build();
  }
}
