package dev.caisson.sandbox;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is recorded against what is on the engine: at the start, what is this service's own is
 * adopted; whenever the engine answers again, what events missed is seen and what is half-made is
 * removed.
 */
final class Census {
  /** The label that tells whose sandbox a container is. */
  static final String INSTANCE_LABEL = "dev.caisson.instance";

  private static final Logger log = LoggerFactory.getLogger(Census.class);

  private final SandboxWorld world;
  private final Keepers keepers;
  private final Pool pool;

  Census(SandboxWorld world, Keepers keepers, Pool pool) {
    this.world = world;
    this.keepers = keepers;
    this.pool = pool;
  }

  /** Takes up every sandbox that has not ended, as its record has it. */
  void adopt() {
    for (History.Kept kept : world.history().running()) {
      keepers.keep(adoptable(kept.sandbox()), kept.container()).begin();
    }
  }

  /** A start is not taken up again by a new service: it is ended, like any end that was begun. */
  private static Sandbox adoptable(Sandbox sandbox) {
    return sandbox.state() == SandboxState.STARTING
        ? sandbox.with(
            sandbox.life().ending(EndReason.START_FAILED, "the service was restarted meanwhile"))
        : sandbox;
  }

  /** Watches the engine, until that is closed. */
  AutoCloseable watch() {
    return world.engine().watch(this::changed);
  }

  private synchronized void changed(Engine.Event event) {
    switch (event.change()) {
      case CONNECTED -> {
        world.preflight().look();
        lookAtEverything();
      }
      case DISCONNECTED -> log.warn("connection to the engine is lost");
      case DIED -> {
        SandboxKeeper keeper = event.sandbox() == null ? null : keepers.of(event.sandbox());
        if (keeper != null) {
          keeper.died();
        } else if (event.sandbox() != null) {
          pool.died(event.sandbox());
        }
      }
      case IMAGES -> pool.imagesChanged();
    }
  }

  /** The slow pass. */
  private void lookAtEverything() {
    String instance = world.history().instance();
    Map<SandboxId, Engine.Found> own =
        world.engine().list().stream()
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
    own.values().stream().filter(found -> isNobodys(found.sandbox())).forEach(this::removeHalfMade);
    world.engine().states(INSTANCE_LABEL, instance).stream()
        .filter(id -> !own.containsKey(id) && isNobodys(id))
        .forEach(this::removeState);
  }

  /** In this order: one that is claimed meanwhile has its keeper before it leaves the pool. */
  private boolean isNobodys(SandboxId id) {
    return !pool.holds(id) && keepers.isOver(id);
  }

  private void removeHalfMade(Engine.Found found) {
    log.atInfo().addKeyValue("sandbox", found.sandbox()).log("removing a sandbox nobody knows");
    try {
      world.engine().remove(found.container());
      world.engine().removeState(found.sandbox());
      world.supervisors().forget(found.sandbox());
    } catch (EngineException e) {
      log.atWarn()
          .addKeyValue("sandbox", found.sandbox())
          .addKeyValue("error", e.getMessage())
          .log("could not remove it, will be tried when the engine is next looked at");
    }
  }

  private void removeState(SandboxId id) {
    try {
      world.engine().removeState(id);
    } catch (EngineException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("could not remove its state, will be tried when the engine is next looked at");
    }
  }
}
