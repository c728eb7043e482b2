package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox at one moment; its keeper makes a new one for every change.
 *
 * @param imageDigest of the image it runs, once known
 * @param daemon its Docker daemon as last heard
 */
public record Sandbox(
    SandboxId id,
    SandboxSpec spec,
    Isolation isolation,
    @Nullable String imageDigest,
    Life life,
    Startup startup,
    DaemonStatus daemon) {

  /** Where it stands. */
  public SandboxState state() {
    return life.state();
  }

  /** Why it ended, or is about to. */
  public @Nullable EndReason reason() {
    return life.reason();
  }

  /** A new one, about to start. */
  static Sandbox starting(
      SandboxId id, SandboxSpec spec, Isolation isolation, Instant now, DaemonStatus daemon) {
    return new Sandbox(id, spec, isolation, null, Life.starting(now), Startup.NONE, daemon);
  }

  /** The same without the values nobody may see; what is recorded. */
  public Sandbox withoutEnv() {
    return with(spec.withoutEnv());
  }

  Sandbox with(SandboxSpec newSpec) {
    return new Sandbox(id, newSpec, isolation, imageDigest, life, startup, daemon);
  }

  Sandbox with(DaemonStatus newDaemon) {
    return new Sandbox(id, spec, isolation, imageDigest, life, startup, newDaemon);
  }

  Sandbox with(Life newLife) {
    return new Sandbox(id, spec, isolation, imageDigest, newLife, startup, daemon);
  }

  /** It is up, with this image, after these stages. */
  Sandbox ready(Instant at, String digest, Startup measured) {
    return new Sandbox(id, spec, isolation, digest, life.ready(at), measured, daemon);
  }
}
