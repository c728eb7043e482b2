package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Supervisors;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The work on one sandbox at the engine and its supervisor: its start, its contact, its end. */
@Component
final class SandboxTasks {
  private final Engine engine;
  private final Supervisors supervisors;
  private final History history;
  private final SandboxProperties properties;
  private final MeterRegistry meters;

  SandboxTasks(
      Engine engine,
      Supervisors supervisors,
      History history,
      SandboxProperties properties,
      MeterRegistry meters) {
    this.engine = engine;
    this.supervisors = supervisors;
    this.history = history;
    this.properties = properties;
    this.meters = meters;
  }

  /**
   * Returns the start of a sandbox that is still to be made.
   *
   * @param turn waited for before anything of it is made at the engine
   * @param progress receives how the pull of its image goes, a line each
   */
  SandboxStart start(
      SandboxId id,
      SandboxSpec spec,
      Isolation isolation,
      SandboxStart.Turn turn,
      Consumer<String> progress) {
    return new SandboxStart(
        engine,
        supervisors,
        properties,
        new Stages(meters),
        history.instance(),
        id,
        spec,
        isolation,
        turn,
        progress);
  }

  /** Returns the contact with a sandbox that is up. */
  SandboxContact contact(SandboxId id) {
    return new SandboxContact(engine, supervisors, id);
  }

  /** Returns the end of a sandbox, which reports to this history of it. */
  SandboxEnding ending(SandboxId id, SandboxHistory logbook) {
    Crashes crashes = new Crashes(properties.home(), id);
    return new SandboxEnding(engine, supervisors, history, logbook, crashes, meters, id);
  }

  /**
   * Removes everything of a sandbox whose output nobody keeps.
   *
   * @param container null if none was made
   * @throws EngineException if the engine does not remove it
   */
  void remove(SandboxId id, @Nullable String container) {
    if (container != null) {
      engine.remove(container);
    }
    engine.removeState(id);
    supervisors.forget(id);
  }

  /**
   * Removes the volumes and the disk of a sandbox.
   *
   * @throws EngineException if the engine does not remove them
   */
  void removeState(SandboxId id) {
    engine.removeState(id);
  }
}
