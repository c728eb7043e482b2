package dev.caisson.lifecycle;

import dev.caisson.host.Preflight;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The comparison of the records with the engine. At the start, it adopts what is this service's
 * own; whenever the engine answers again, it finds what events missed, and the {@link Leftovers} of
 * sandboxes that nobody keeps.
 */
@Component
final class StartupRecovery {
  /** The label that tells to which service a container belongs. */
  static final String INSTANCE_LABEL = "dev.caisson.instance";

  private static final String BROKEN_OFF = "the service was restarted meanwhile";
  private static final Logger log = LoggerFactory.getLogger(StartupRecovery.class);

  private final Engine engine;
  private final History history;
  private final Preflight preflight;
  private final SandboxReconcilers keepers;
  private final Pool pool;
  private final Leftovers leftovers;

  StartupRecovery(
      Engine engine,
      History history,
      Preflight preflight,
      SandboxReconcilers keepers,
      Pool pool,
      Leftovers leftovers) {
    this.engine = engine;
    this.history = history;
    this.preflight = preflight;
    this.keepers = keepers;
    this.pool = pool;
    this.leftovers = leftovers;
  }

  /** Takes up every sandbox that has not ended, as its record has it. */
  void adopt() {
    List<History.Kept> running = history.running();
    for (History.Kept kept : running) {
      keepers.keep(adoptable(kept.sandbox()), kept.container()).begin();
    }
    if (!running.isEmpty()) {
      log.atInfo().addKeyValue("count", running.size()).log("sandboxes taken up as recorded");
    }
  }

  /**
   * Returns what is taken up of a sandbox: a start is not taken up again by a new service, but
   * ended, like any end that was begun.
   */
  private static Sandbox adoptable(Sandbox sandbox) {
    return sandbox.state() == SandboxState.STARTING
        ? sandbox.with(sandbox.life().ending(EndReason.START_FAILED, BROKEN_OFF))
        : sandbox;
  }

  /** Returns whether the sandbox's start was ended by {@link #adopt}, and by nothing of its own. */
  static boolean isBrokenOff(Sandbox sandbox) {
    return sandbox.reason() == EndReason.START_FAILED && BROKEN_OFF.equals(sandbox.life().detail());
  }

  /** Watches the engine, until the result is closed. */
  AutoCloseable watch() {
    return engine.watch(this::changed);
  }

  private synchronized void changed(Engine.Event event) {
    switch (event.change()) {
      case CONNECTED -> {
        preflight.look();
        lookAtEverything();
      }
      case DISCONNECTED -> log.warn("connection to the engine is lost");
      case DIED -> {
        SandboxReconciler keeper = event.sandbox() == null ? null : keepers.of(event.sandbox());
        if (keeper != null) {
          keeper.died();
        } else if (event.sandbox() != null) {
          pool.died(event.sandbox());
        }
      }
      case IMAGES -> pool.imagesChanged();
    }
  }

  /** Compares everything on the engine with the records: the slow pass. */
  private void lookAtEverything() {
    String instance = history.instance();
    Map<SandboxId, Engine.Found> own =
        engine.list().stream()
            .filter(f -> instance.equals(f.labels().get(INSTANCE_LABEL)))
            .collect(Collectors.toMap(Engine.Found::sandbox, Function.identity(), (a, b) -> a));
    keepers
        .all()
        .forEach(keeper -> {
          Sandbox sandbox = keeper.now();
          Engine.Found found = own.get(sandbox.id());
          boolean runs = found != null && found.running();
          if (!runs && sandbox.state() == SandboxState.READY) {
            keeper.died();
          }
        });
    List<Engine.Found> nobodys =
        own.values().stream().filter(found -> isNobodys(found.sandbox())).toList();
    if (leftovers.clear(nobodys)) {
      engine.states(INSTANCE_LABEL, instance).stream()
          .filter(id -> !own.containsKey(id) && isNobodys(id))
          .forEach(leftovers::removeState);
    }
  }

  /**
   * Returns whether no pool holds this sandbox and no keeper keeps it, asked in this order: one
   * that is claimed meanwhile has its keeper before it leaves the pool.
   */
  private boolean isNobodys(SandboxId id) {
    return !pool.holds(id) && keepers.isOver(id);
  }
}
