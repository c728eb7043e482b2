package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox at one moment; its keeper makes a new one for every change.
 *
 * @param detail what a person should know about the reason
 * @param imageDigest of the image it runs, once known
 * @param daemon its Docker daemon as last heard
 */
public record Sandbox(
    SandboxId id,
    SandboxSpec spec,
    SandboxState state,
    @Nullable EndReason reason,
    @Nullable String detail,
    @Nullable String imageDigest,
    Isolation isolation,
    Instant createdAt,
    @Nullable Instant readyAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt,
    Startup startup,
    DaemonStatus daemon) {

  /** A new one, about to start. */
  static Sandbox starting(
      SandboxId id, SandboxSpec spec, Isolation isolation, Instant now, DaemonStatus daemon) {
    return new Sandbox(
        id,
        spec,
        SandboxState.STARTING,
        null,
        null,
        null,
        isolation,
        now,
        null,
        null,
        null,
        Startup.NONE,
        daemon);
  }

  Sandbox with(SandboxSpec newSpec) {
    return new Sandbox(
        id,
        newSpec,
        state,
        reason,
        detail,
        imageDigest,
        isolation,
        createdAt,
        readyAt,
        expiresAt,
        endedAt,
        startup,
        daemon);
  }

  Sandbox with(DaemonStatus newDaemon) {
    return new Sandbox(
        id,
        spec,
        state,
        reason,
        detail,
        imageDigest,
        isolation,
        createdAt,
        readyAt,
        expiresAt,
        endedAt,
        startup,
        newDaemon);
  }

  Sandbox expiring(@Nullable Instant at) {
    return new Sandbox(
        id,
        spec,
        state,
        reason,
        detail,
        imageDigest,
        isolation,
        createdAt,
        readyAt,
        at,
        endedAt,
        startup,
        daemon);
  }

  Sandbox ready(Instant at, String digest, Startup measured) {
    return new Sandbox(
        id,
        spec,
        state.next(SandboxState.Event.ANSWERED),
        null,
        null,
        digest,
        isolation,
        createdAt,
        at,
        expiresAt,
        null,
        measured,
        daemon);
  }

  Sandbox ending(EndReason why, @Nullable String more) {
    return new Sandbox(
        id,
        spec,
        state.next(SandboxState.Event.END),
        why,
        more,
        imageDigest,
        isolation,
        createdAt,
        readyAt,
        null,
        null,
        startup,
        daemon);
  }

  Sandbox ended(Instant at) {
    return over(SandboxState.Event.GONE, reason, detail, at);
  }

  Sandbox failed(Instant at, String more) {
    return over(SandboxState.Event.START_FAILED, EndReason.START_FAILED, more, at);
  }

  private Sandbox over(
      SandboxState.Event event, @Nullable EndReason why, @Nullable String more, Instant at) {
    return new Sandbox(
        id,
        spec,
        state.next(event),
        why,
        more,
        imageDigest,
        isolation,
        createdAt,
        readyAt,
        null,
        at,
        startup,
        daemon);
  }
}
