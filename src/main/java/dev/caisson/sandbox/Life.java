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

  static Life starting(Instant now) {
    return new Life(SandboxState.STARTING, null, null, now, null, null, null);
  }

  Life ready(Instant at) {
    SandboxState next = state.next(SandboxState.Event.ANSWERED);
    return new Life(next, null, null, createdAt, at, null, null);
  }

  public Life expiring(Instant at) {
    return new Life(state, reason, detail, createdAt, readyAt, at, endedAt);
  }

  public Life ending(EndReason why, @Nullable String more) {
    SandboxState next = state.next(SandboxState.Event.END);
    return new Life(next, why, more, createdAt, readyAt, null, null);
  }

  public Life ended(Instant at) {
    SandboxState next = state.next(SandboxState.Event.GONE);
    return new Life(next, reason, detail, createdAt, readyAt, null, at);
  }

  public Life failed(Instant at, String more) {
    SandboxState next = state.next(SandboxState.Event.START_FAILED);
    return new Life(next, EndReason.START_FAILED, more, createdAt, readyAt, null, at);
  }
}
