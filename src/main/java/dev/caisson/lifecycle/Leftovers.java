package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The sandboxes on the engine that nobody keeps: removes what is left of spare and ended ones, and
 * warns of those that are in no record, which it removes only if the settings say so.
 */
@Component
final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  private final SandboxTasks tasks;
  private final History history;
  private final PooledSandboxFiles marks;
  private final Path home;
  private final boolean removeUnknown;

  /** The sandboxes of the last warning: an engine that comes and goes does not make them news. */
  private Set<String> unknown = Set.of();

  Leftovers(
      SandboxTasks tasks,
      History history,
      PooledSandboxFiles marks,
      SandboxProperties properties,
      RecoveryProperties recovery) {
    this.tasks = tasks;
    this.history = history;
    this.marks = marks;
    this.home = properties.home();
    this.removeUnknown = recovery.removeUnknown();
  }

  /**
   * Removes these sandboxes, but for those that only warn; returns false if the records cannot be
   * read, and so nothing was done.
   */
  boolean clear(List<Engine.Found> nobodys) {
    List<Engine.Found> strange;
    try {
      strange = nobodys.stream().filter(this::isUnknown).toList();
    } catch (SandboxException.RecordsAway e) {
      log.warn("what is nobody's on the engine is not looked at, since records cannot be read");
      return false;
    }
    tell(strange);
    nobodys.stream()
        .filter(found -> removeUnknown || !strange.contains(found))
        .forEach(this::remove);
    return true;
  }

  /**
   * Returns whether a sandbox is in no record and has no mark: a sandbox is recorded before
   * anything of it is made, and a spare one is marked before it is.
   */
  private boolean isUnknown(Engine.Found found) {
    SandboxId id = found.sandbox();
    return history.find(id).isEmpty() && !marks.has(id);
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
    Crashes crashes = new Crashes(home, id);
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
      tasks.remove(id, found.container());
      marks.remove(id);
    } catch (EngineException | UncheckedIOException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("could not remove it, will be tried when the engine is next looked at");
    } finally {
      crashes.end(Crashes.Step.REMOVE);
    }
  }

  /** Removes the state of a sandbox of which there is no container. */
  void removeState(SandboxId id) {
    try {
      tasks.removeState(id);
    } catch (EngineException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("could not remove its state, will be tried when the engine is next looked at");
    }
  }
}
