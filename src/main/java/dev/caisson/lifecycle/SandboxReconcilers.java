package dev.caisson.lifecycle;

import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The keepers of the sandboxes that have not ended; of those that have, while they are kept, the
 * number, and the reasons of the latest failures.
 */
@Component
final class SandboxReconcilers {
  private static final AtomicLong NONE = new AtomicLong();

  private final SandboxTasks tasks;
  private final History history;
  private final SandboxProperties properties;
  private final List<DaemonListener> daemonListeners;
  private final ColdStarts starts;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Map<SandboxId, SandboxReconciler> keepers = new ConcurrentHashMap<>();
  private final Map<SandboxState, AtomicLong> over =
      Map.of(SandboxState.ENDED, new AtomicLong(), SandboxState.FAILED, new AtomicLong());
  private final Failures failures = new Failures();
  private volatile boolean stopping;

  SandboxReconcilers(
      SandboxTasks tasks,
      History history,
      SandboxProperties properties,
      List<DaemonListener> daemonListeners,
      ColdStarts starts,
      MeterRegistry meters,
      Clock clock) {
    this.tasks = tasks;
    this.history = history;
    this.properties = properties;
    this.daemonListeners = daemonListeners;
    this.starts = starts;
    this.meters = meters;
    this.clock = clock;
    count(meters);
  }

  /**
   * Adds a keeper of this sandbox, which stays until the sandbox has ended; its thread is still to
   * be begun.
   */
  SandboxReconciler keep(Sandbox sandbox, @Nullable String container) {
    SandboxId id = sandbox.id();
    SandboxHistory logbook = history.logbook(id);
    double diskWarning = properties.docker().diskWarning();
    SandboxReconciler keeper =
        new SandboxReconciler(
            tasks,
            logbook,
            new DaemonChanges(id, logbook, daemonListeners, diskWarning),
            starts,
            new Attempts(meters, id),
            clock,
            properties.grace(),
            sandbox,
            container,
            () -> over(id));
    keepers.put(id, keeper);
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

  /**
   * Returns a sandbox as it is now, or as its record has it if it has ended.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  Sandbox get(SandboxId id) {
    SandboxReconciler keeper = keepers.get(id);
    return keeper == null ? ended(id) : keeper.now();
  }

  /**
   * Returns a sandbox that no keeper keeps, as its record has it.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  Sandbox ended(SandboxId id) {
    return history
        .find(id)
        .map(History.Kept::sandbox)
        .orElseThrow(() -> new SandboxException.NotFound(id.value()));
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
    history.ended();
  }

  private void count(SandboxState state, int more) {
    AtomicLong counter = over.get(state);
    if (counter != null) {
      counter.addAndGet(more);
    }
  }

  private void count(MeterRegistry meters) {
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
  }
}
