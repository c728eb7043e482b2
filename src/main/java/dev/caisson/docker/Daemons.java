package dev.caisson.docker;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The Docker daemons of all sandboxes; each is kept by its supervisor, which pushes its state. */
@Component
public class Daemons {
  /** The longest time an answer waits for the push of the state it has just brought about. */
  private static final Duration PUSHED = Duration.ofSeconds(2);

  /**
   * The shortest time after which to ask again: an ordinary start takes less than half a second; a
   * mute daemon often comes back in one.
   */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final String SOCKET = "/run/docker.sock";

  private final Sandboxes sandboxes;
  private final Streams streams;
  private final Clock clock;

  Daemons(Sandboxes sandboxes, Streams streams, Clock clock) {
    this.sandboxes = sandboxes;
    this.streams = streams;
    this.clock = clock;
  }

  /** Returns the last known status of a daemon. */
  public DaemonStatus get(SandboxId id) {
    return sandboxes.get(id).daemon();
  }

  /**
   * Waits until the daemon is ready, or can no longer become ready by itself, or the time is over.
   */
  public DaemonStatus awaitReady(SandboxId id, Duration timeout) {
    return untilReady(id, timeout).daemon();
  }

  /**
   * Makes sure that the daemon answers.
   *
   * @throws DockerException.Disabled if there is none
   * @throws DockerException.NotReady if the daemon does not within this time, or never will by
   *     itself
   * @throws SandboxException.NotReady if the sandbox ends, or has
   */
  public void requireReady(SandboxId id, Duration timeout) {
    requireEnabled(id);
    Sandbox sandbox = untilReady(id, timeout);
    DaemonStatus status = sandbox.daemon();
    SandboxState state = sandbox.state();
    if (state.isTerminal() || state == SandboxState.ENDING) {
      throw new SandboxException.NotReady(id, state);
    }
    if (status.state() != DaemonStatus.State.READY) {
      throw new DockerException.NotReady(id, status, retryAfter(status));
    }
  }

  /**
   * Sends the daemon a command; returns the status that follows, once {@link #get} returns it, too.
   *
   * @throws DockerException.Disabled if there is none
   */
  public DaemonStatus want(SandboxId id, Request.DaemonCommand command) {
    Sandbox sandbox = requireEnabled(id);
    if (sandbox.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(id, sandbox.state());
    }
    DaemonStatus status = ask(id, command);
    return await(id, pushed -> pushed.changedAt() >= status.changedAt(), PUSHED).daemon();
  }

  /**
   * Connects to the daemon's API.
   *
   * @throws DockerException.Disabled if there is none
   * @throws DockerException.NotReady if the daemon does not listen
   */
  public Tunnel dial(SandboxId id) {
    requireEnabled(id);
    try {
      return sandboxes.supervisor(id).dial(Request.Dial.socket(SOCKET));
    } catch (SupervisorException.Refused e) {
      DaemonStatus status = get(id);
      throw new DockerException.NotReady(id, status, retryAfter(status));
    }
  }

  /** Notes that the sandbox is in use. */
  void touch(SandboxId id) {
    sandboxes.touch(id);
  }

  private DaemonStatus ask(SandboxId id, Request.DaemonCommand command) {
    try {
      return sandboxes.supervisor(id).ask(new Request.Daemon(command));
    } catch (SupervisorException.Refused e) {
      throw e.reason == RefusalCode.DOCKER_DISABLED ? new DockerException.Disabled(id) : e;
    }
  }

  /**
   * Returns the sandbox, if it was made with a daemon.
   *
   * @throws DockerException.Disabled if there is none
   */
  Sandbox requireEnabled(SandboxId id) {
    Sandbox sandbox = sandboxes.get(id);
    if (sandbox.daemon().state() == DaemonStatus.State.DISABLED) {
      throw new DockerException.Disabled(id);
    }
    return sandbox;
  }

  private Sandbox untilReady(SandboxId id, Duration timeout) {
    return await(
        id, s -> s.state() == DaemonStatus.State.READY || !becomesReady(s.state()), timeout);
  }

  private Sandbox await(SandboxId id, Predicate<DaemonStatus> until, Duration timeout) {
    Streams.Handle handle = streams.open(Thread.currentThread()::interrupt);
    try (handle) {
      return sandboxes.awaitDaemon(id, until, timeout);
    } catch (InterruptedException e) {
      throw new SandboxException.ServiceStopping();
    } finally {
      if (handle.ended()) {
        // It was meant for the wait; the answer still has to be written.
        boolean _ = Thread.interrupted();
      }
    }
  }

  private static boolean becomesReady(DaemonStatus.State state) {
    return switch (state) {
      case STARTING, READY, MUTE, BACKING_OFF -> true;
      case DISABLED, STOPPED, FAILED, UNSUPPORTED -> false;
    };
  }

  private @Nullable Duration retryAfter(DaemonStatus status) {
    if (!becomesReady(status.state())) {
      return null;
    }
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    Duration planned = Duration.of(status.nextRestartAt() - now, ChronoUnit.MICROS);
    return status.nextRestartAt() == 0 || planned.compareTo(SOON) < 0 ? SOON : planned;
  }
}
