package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox at one moment; its keeper makes a new one for every change.
 *
 * @param imageDigest of the image it runs, once known
 * @param daemon its Docker daemon as last heard
 * @param warnings what does not hold of it that one might expect
 */
public record Sandbox(
    SandboxId id,
    SandboxSpec spec,
    Isolation isolation,
    @Nullable String imageDigest,
    Life life,
    Startup startup,
    DaemonStatus daemon,
    List<String> warnings) {

  @SuppressWarnings("NullAway") // A record of a service before this one has none.
  public Sandbox {
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** Returns the state of the sandbox's life. */
  public SandboxState state() {
    return life.state();
  }

  /** Returns why the sandbox ended, or is about to. */
  public @Nullable EndReason reason() {
    return life.reason();
  }

  /** Creates a sandbox that is about to start. */
  public static Sandbox starting(
      SandboxId id, Admission admission, Instant now, DaemonStatus daemon) {
    return new Sandbox(
        id,
        admission.spec(),
        admission.isolation(),
        null,
        Life.starting(now),
        Startup.NONE,
        daemon,
        admission.warnings());
  }

  /** Returns a copy without the secret values of its environment; what is recorded. */
  public Sandbox withoutEnv() {
    return with(spec.withoutEnv());
  }

  public Sandbox with(SandboxSpec newSpec) {
    return new Sandbox(id, newSpec, isolation, imageDigest, life, startup, daemon, warnings);
  }

  public Sandbox with(DaemonStatus newDaemon) {
    return new Sandbox(id, spec, isolation, imageDigest, life, startup, newDaemon, warnings);
  }

  public Sandbox with(Life newLife) {
    return new Sandbox(id, spec, isolation, imageDigest, newLife, startup, daemon, warnings);
  }

  /** Returns a copy with these warnings, too. */
  public Sandbox warned(List<String> more) {
    List<String> all = Stream.concat(warnings.stream(), more.stream()).toList();
    return new Sandbox(id, spec, isolation, imageDigest, life, startup, daemon, all);
  }

  /** Returns a copy that is up, with this image, after these stages. */
  public Sandbox ready(Instant at, String digest, Startup measured) {
    return new Sandbox(id, spec, isolation, digest, life.ready(at), measured, daemon, warnings);
  }
}
