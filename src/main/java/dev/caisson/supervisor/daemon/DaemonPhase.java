package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.DaemonRun.Cause;
import dev.caisson.supervisor.wire.DaemonStatus.State;

/**
 * The phase of the two daemons together: finer than the state shown outside, since a stop that has
 * been asked for and a stop that has come about call for different actions.
 */
enum DaemonPhase {
  /** Neither runs, neither is wanted. */
  STOPPED(State.STOPPED),
  /** Both run; dockerd has not answered yet. */
  STARTING(State.STARTING),
  /** Both run; containerd was started again and dockerd has not found it yet. */
  RECONNECTING(State.STARTING),
  /** Both run and dockerd answers. */
  READY(State.READY),
  /** Both run; dockerd does not answer. */
  MUTE(State.MUTE),
  /** Both run; dockerd has not answered for too long and was asked to write down its stacks. */
  DUMPING(State.MUTE),
  /** Both run; dockerd has not answered for too long and was asked to end. */
  ENDING_MUTE(State.MUTE),
  /** Like {@link #ENDING_MUTE}, but containerd has ended in between. */
  ENDING_MUTE_ALONE(State.MUTE),

  /** containerd runs, dockerd has crashed and is started again when its time has come. */
  DOCKERD_WAITS(State.BACKING_OFF),
  /** dockerd runs, containerd has crashed and is started again when its time has come. */
  CONTAINERD_WAITS(State.BACKING_OFF),
  /** Both have crashed and are started again when their time has come. */
  BOTH_WAIT(State.BACKING_OFF),

  /** Both run; dockerd was asked to end and is wanted again. */
  RESTARTING(State.STARTING),
  /** Like {@link #RESTARTING}, but containerd has ended in between. */
  RESTARTING_ALONE(State.STARTING),
  /** containerd alone runs; it was asked to end and both are wanted again. */
  TURNING(State.STARTING),

  /** Both run; dockerd was asked to end. */
  STOPPING(State.STOPPED),
  /** dockerd alone runs and was asked to end. */
  STOPPING_ALONE(State.STOPPED),
  /** containerd alone runs and was asked to end. */
  STOPPING_CONTAINERD(State.STOPPED),

  /** Too many crashes; dockerd is left and was asked to end. */
  GIVING_UP_DOCKERD(State.FAILED),
  /** Too many crashes; containerd is left and was asked to end. */
  GIVING_UP_CONTAINERD(State.FAILED),
  /** Too many crashes; neither runs. */
  FAILED(State.FAILED),

  /** Neither runs: this sandbox cannot run a daemon. */
  UNSUPPORTED(State.UNSUPPORTED);

  private final State state;

  DaemonPhase(State state) {
    this.state = state;
  }

  /** Returns the state shown outside. */
  State state() {
    return state;
  }

  /** Returns whether dockerd can be asked for an answer. */
  boolean listens() {
    return this == STARTING
        || this == RECONNECTING
        || this == READY
        || this == MUTE
        || this == DUMPING;
  }

  /** Returns the cause of an exit in this phase. */
  Cause causeOfExit() {
    return switch (this) {
      case STARTING,
          RECONNECTING,
          READY,
          MUTE,
          DUMPING,
          DOCKERD_WAITS,
          CONTAINERD_WAITS,
          BOTH_WAIT ->
          Cause.CRASHED;
      case ENDING_MUTE, ENDING_MUTE_ALONE -> Cause.MUTE;
      case RESTARTING, RESTARTING_ALONE, TURNING -> Cause.RESTARTED;
      case STOPPED, STOPPING, STOPPING_ALONE, STOPPING_CONTAINERD -> Cause.STOPPED;
      case GIVING_UP_DOCKERD, GIVING_UP_CONTAINERD, FAILED, UNSUPPORTED -> Cause.GIVEN_UP;
    };
  }

  /** Returns whether both daemons have ended and nothing is planned. */
  boolean rests() {
    return this == STOPPED || this == FAILED || this == UNSUPPORTED;
  }
}
