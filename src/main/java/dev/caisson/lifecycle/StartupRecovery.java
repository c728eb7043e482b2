package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The comparison of the records with the engine. At the start, it adopts what is this service's
 * own; whenever the engine answers again, it finds what events missed, removes what is left of
 * spare and ended sandboxes, and warns of what is in no record, which it removes only if the
 * settings say so.
 */
final class StartupRecovery {
  /** The label that tells to which service a container belongs. */
  static final String INSTANCE_LABEL = "dev.caisson.instance";

  private static final String BROKEN_OFF = "the service was restarted meanwhile";
  private static final Logger log = LoggerFactory.getLogger(StartupRecovery.class);

  private final SandboxWorld world;
  private final SandboxReconcilers keepers;
  private final Pool pool;
  private final boolean removeUnknown;

  /** The sandboxes of the last warning: an engine that comes and goes does not make them news. */
  private Set<String> unknown = Set.of();

  StartupRecovery(
      SandboxWorld world, SandboxReconcilers keepers, Pool pool, boolean removeUnknown) {
    this.world = world;
    this.keepers = keepers;
    this.pool = pool;
    this.removeUnknown = removeUnknown;
  }

  /** Takes up every sandbox that has not ended, as its record has it. */
  void adopt() {
    List<History.Kept> running = world.history().running();
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
    List<Engine.Found> nobodys =
        own.values().stream().filter(found -> isNobodys(found.sandbox())).toList();
    List<Engine.Found> strange;
    try {
      strange = nobodys.stream().filter(this::isUnknown).toList();
    } catch (SandboxException.RecordsAway e) {
      log.warn("what is nobody's on the engine is not looked at, since records cannot be read");
      return;
    }
    tell(strange);
    nobodys.stream()
        .filter(found -> removeUnknown || !strange.contains(found))
        .forEach(this::remove);
    world.engine().states(INSTANCE_LABEL, instance).stream()
        .filter(id -> !own.containsKey(id) && isNobodys(id))
        .forEach(this::removeState);
  }

  /**
   * Returns whether no pool holds this sandbox and no keeper keeps it, asked in this order: one
   * that is claimed meanwhile has its keeper before it leaves the pool.
   */
  private boolean isNobodys(SandboxId id) {
    return !pool.holds(id) && keepers.isOver(id);
  }

  /**
   * Returns whether a sandbox is in no record and has no mark: a sandbox is recorded before
   * anything of it is made, and a spare one is marked before it is.
   */
  private boolean isUnknown(Engine.Found found) {
    SandboxId id = found.sandbox();
    return world.history().find(id).isEmpty()
        && !new PooledSandboxFiles(world.properties().home()).has(id);
  }

  private void tell(List<Engine.Found> strange) {
    Set<String> ids = new TreeSet<>(strange.stream().map(f -> f.sandbox().value()).toList());
    if (ids.equals(unknown)) {
      return;
    }
    unknown = ids;
    if (removeUnknown) {
      log.atWarn()
          .addKeyValue("count", ids.size())
          .addKeyValue("sandboxes", ids)
          .log(
              "sandboxes that are in no record were removed, as caisson.sandbox.remove-unknown says");
    } else if (!ids.isEmpty()) {
      log.atWarn()
          .addKeyValue("count", ids.size())
          .addKeyValue("running", strange.stream().filter(Engine.Found::running).count())
          .addKeyValue("sandboxes", ids)
          .log(
              "the engine has sandboxes of this service that are in no record: was the database"
                  + " lost, or is it an older one? They are left as they are. Stop the service,"
                  + " put the database back and start it, to have them again; start it once with"
                  + " caisson.sandbox.remove-unknown=true to have them removed");
    }
  }

  private void remove(Engine.Found found) {
    SandboxId id = found.sandbox();
    Crashes crashes = new Crashes(world.properties().home(), id);
    if (crashes.isTooMany(Crashes.Step.REMOVE)) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("container", found.container())
          .log("left on the engine, since the service crashed in removing it: remove it by hand");
      return;
    }
    log.atInfo()
        .addKeyValue("sandbox", id)
        .log("removing what is left of a spare or of an ended sandbox");
    crashes.begin(Crashes.Step.REMOVE);
    try {
      world.engine().remove(found.container());
      world.engine().removeState(id);
      world.supervisors().forget(id);
      new PooledSandboxFiles(world.properties().home()).remove(id);
    } catch (EngineException | UncheckedIOException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("could not remove it, will be tried when the engine is next looked at");
    } finally {
      crashes.end(Crashes.Step.REMOVE);
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
