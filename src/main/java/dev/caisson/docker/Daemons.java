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
  /** How long an answer waits for the push of the state it has just brought about. */
  private static final Duration PUSHED = Duration.ofSeconds(2);

  /** An ordinary start takes less than half a second; a mute daemon often comes back in one. */
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

  /** As it was last heard of. */
  public DaemonStatus get(SandboxId id) {
    return sandboxes.get(id).daemon();
  }

  /** Waits until it is ready, or can no longer become ready by itself, or the time is over. */
  public DaemonStatus awaitReady(SandboxId id, Duration timeout) {
    return await(
        id, s -> s.state() == DaemonStatus.State.READY || !becomesReady(s.state()), timeout);
  }

  /**
   * Makes sure that it answers.
   *
   * @throws DockerException.Disabled if there is none
   * @throws DockerException.NotReady if it does not within this time, or never will by itself
   * @throws SandboxException.NotReady if the sandbox ends, or has
   */
  public void requireReady(SandboxId id, Duration timeout) {
    requireEnabled(id);
    DaemonStatus status = awaitReady(id, timeout);
    SandboxState state = sandboxes.get(id).state();
    if (state.isTerminal() || state == SandboxState.ENDING) {
      throw new SandboxException.NotReady(id, state);
    }
    if (status.state() != DaemonStatus.State.READY) {
      throw new DockerException.NotReady(id, status, retryAfter(status));
    }
  }

  /**
   * Sets what is wanted of it; answers the state that follows, once it is what {@link #get} says.
   *
   * @throws DockerException.Disabled if there is none
   */
  public DaemonStatus want(SandboxId id, Request.DaemonCommand command) {
    Sandbox sandbox = requireEnabled(id);
    if (sandbox.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(id, sandbox.state());
    }
    DaemonStatus status = ask(id, command);
    return await(id, pushed -> pushed.changedAt() >= status.changedAt(), PUSHED);
  }

  /**
   * Connects to the daemon's API.
   *
   * @throws DockerException.Disabled if there is none
   * @throws DockerException.NotReady if it does not listen
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

  /** Notes that it is in use. */
  void touch(SandboxId id) {
    sandboxes.touch(id);
  }

  private DaemonStatus ask(SandboxId id, Request.DaemonCommand command) {
    try {
      return sandboxes.supervisor(id).ask(new Request.Daemon(command));
    } catch (SupervisorException.Refused e) {
      throw e.code.equals("DOCKER_DISABLED") ? new DockerException.Disabled(id) : e;
    }
  }

  /** Whether there is a daemon at all: not in a sandbox without one. */
  Sandbox requireEnabled(SandboxId id) {
    Sandbox sandbox = sandboxes.get(id);
    if (sandbox.daemon().state() == DaemonStatus.State.DISABLED) {
      throw new DockerException.Disabled(id);
    }
    return sandbox;
  }

  private DaemonStatus await(SandboxId id, Predicate<DaemonStatus> until, Duration timeout) {
    Streams.Handle handle = streams.open(Thread.currentThread()::interrupt);
    try (handle) {
      return sandboxes.awaitDaemon(id, until, timeout).daemon();
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
