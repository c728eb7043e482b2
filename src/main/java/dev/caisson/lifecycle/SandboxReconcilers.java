package dev.caisson.lifecycle;

import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisors;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The keepers of the sandboxes that have not ended; of those that have, while they are kept, the
 * number, and the reasons of the latest failures.
 */
final class SandboxReconcilers {
  private static final AtomicLong NONE = new AtomicLong();

  private final SandboxWorld world;
  private final Map<SandboxId, SandboxReconciler> keepers = new ConcurrentHashMap<>();
  private final Map<SandboxState, AtomicLong> over =
      Map.of(SandboxState.ENDED, new AtomicLong(), SandboxState.FAILED, new AtomicLong());
  private final Failures failures = new Failures();
  private volatile boolean stopping;

  SandboxReconcilers(SandboxWorld world) {
    this.world = world;
    meters(world.meters());
  }

  /**
   * Adds a keeper of this sandbox, which stays until the sandbox has ended; its thread is still to
   * be begun.
   */
  SandboxReconciler keep(Sandbox sandbox, @Nullable String container) {
    SandboxReconciler keeper =
        new SandboxReconciler(world, sandbox, container, () -> over(sandbox.id()));
    keepers.put(sandbox.id(), keeper);
    if (stopping) {
      keeper.endWaits();
    }
    return keeper;
  }

  /** Ends what callers wait for, now and from now on: the service is about to stop. */
  void endWaits() {
    stopping = true;
    keepers.values().forEach(SandboxReconciler::endWaits);
  }

  /** Removes the keeper of a sandbox that did not come to be. */
  void drop(SandboxId id) {
    keepers.remove(id);
  }

  /** Returns the keeper of a sandbox; null if it has ended, or never was. */
  @Nullable SandboxReconciler of(SandboxId id) {
    return keepers.get(id);
  }

  Collection<SandboxReconciler> all() {
    return keepers.values();
  }

  /** Returns whether the sandbox has ended, or is not even kept any more. */
  boolean isOver(SandboxId id) {
    SandboxReconciler keeper = keepers.get(id);
    return keeper == null || keeper.now().state().isTerminal();
  }

  /** Returns why a sandbox that is over could not start; null if it could. */
  @Nullable RuntimeException failure(Sandbox sandbox) {
    return failures.of(sandbox);
  }

  /** Counts the sandboxes that ended before this start of the service. */
  void count(Map<SandboxState, Long> counts) {
    counts.forEach((state, n) -> count(state, n.intValue()));
  }

  /** Removes an ended sandbox, which is no longer kept, from the count and the failures. */
  void forgotten(Sandbox sandbox) {
    failures.forget(sandbox.id());
    count(sandbox.state(), -1);
  }

  /**
   * Removes the keeper of a sandbox whose record says that it has ended; from here on that record
   * is all there is.
   */
  private void over(SandboxId id) {
    SandboxReconciler keeper = keepers.get(id);
    if (keeper != null) {
      failures.keep(id, keeper.failure());
      count(keeper.now().state(), 1);
      keepers.remove(id);
    }
    world.history().ended();
  }

  private void count(SandboxState state, int more) {
    AtomicLong counter = over.get(state);
    if (counter != null) {
      counter.addAndGet(more);
    }
  }

  private void meters(MeterRegistry meters) {
    for (SandboxState state : SandboxState.values()) {
      Gauge.builder(
              "caisson.sandboxes",
              keepers,
              map ->
                  map.values().stream().filter(k -> k.now().state() == state).count()
                      + over.getOrDefault(state, NONE).get())
          .tag("state", state.name())
          .register(meters);
    }
    Gauge.builder("caisson.supervisor.connections", world.supervisors(), Supervisors::connections)
        .register(meters);
  }
}
