package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The contact with a sandbox that is up: reaches its supervisor, and asks the engine what became of
 * the sandbox where the supervisor does not answer.
 */
final class SandboxContact {
  /** The time a supervisor whose connection broke may take to answer again. */
  static final Duration RECONNECT = Duration.ofSeconds(5);

  /** The time until an engine that did not answer is asked again. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** The time from the end of a supervisor to that of its container, which alone tells why. */
  private static final Duration LAST_BREATH = Duration.ofSeconds(2);

  private final Engine engine;
  private final Supervisors supervisors;
  private final SandboxId id;
  private final Breaks breaks = new Breaks();

  /** True while something was seen that the engine, when it answers again, must explain. */
  private boolean unsure;

  /** True while the supervisor does not answer and the container still runs. */
  private boolean suspected;

  SandboxContact(Engine engine, Supervisors supervisors, SandboxId id) {
    this.engine = engine;
    this.supervisors = supervisors;
    this.id = id;
  }

  /** The reason for which a sandbox is lost. */
  record Loss(EndReason reason, String detail) {
    static Loss untrusted(@Nullable String why) {
      return new Loss(EndReason.SUPERVISOR_LOST, "its supervisor is not believed any more: " + why);
    }
  }

  /**
   * Waits for the supervisor to answer.
   *
   * @throws SupervisorException.Lost if it does not
   * @throws SupervisorException.Untrusted if what answers is not this sandbox's supervisor
   */
  Supervisor connect() {
    return supervisors.connect(id, RECONNECT);
  }

  /** Notes that the supervisor was reached. */
  void reached() {
    suspected = false;
  }

  /** Counts a break of the connection; returns the loss if it was one too many, else null. */
  @Nullable Loss broke() {
    return breaks.isTooMany()
        ? new Loss(EndReason.SUPERVISOR_LOST, "its connection breaks again and again")
        : null;
  }

  /**
   * Asks the engine what became of a sandbox whose supervisor is gone, or whose container is
   * reported to have ended.
   *
   * @param container null if none is known
   * @param connected whether the supervisor is reached
   * @return null if the sandbox may still be up
   */
  @Nullable Loss look(@Nullable String container, boolean connected) {
    Engine.Found found;
    try {
      found = container == null ? null : engine.find(container);
      unsure = false;
    } catch (EngineException e) {
      // A lost engine is not a lost sandbox.
      unsure = true;
      return null;
    }
    if (found == null) {
      return new Loss(EndReason.ENGINE_LOST, "its container is gone from the engine");
    }
    if (!found.running()) {
      boolean memory = found.outOfMemory() && found.exitCode() == 137;
      return new Loss(
          memory ? EndReason.OUT_OF_MEMORY : EndReason.SUPERVISOR_LOST,
          "its container ended with exit code " + found.exitCode());
    }
    if (!connected && suspected) {
      return new Loss(EndReason.SUPERVISOR_LOST, "its supervisor does not answer");
    }
    suspected = !connected;
    return null;
  }

  /** Returns whether the engine must be asked again what became of the sandbox. */
  boolean isInDoubt() {
    return unsure || suspected;
  }

  /** Returns the time until the next try where one is needed; null where all is well. */
  @Nullable Duration pause(boolean connected) {
    if (unsure) {
      return RETRY;
    }
    return suspected || !connected ? LAST_BREATH : null;
  }
}
