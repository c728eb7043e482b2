package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.wire.DaemonRun.Cause;
import dev.caisson.supervisor.wire.DaemonStatus.State;

/**
 * Where the two daemons stand together: finer than what is told outside, since a stop that has been
 * asked for and a stop that has come about are different things to the one who must act.
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
  /** Both run; dockerd has not answered for too long and was told to write down its stacks. */
  DUMPING(State.MUTE),
  /** Both run; dockerd has not answered for too long and was told to end. */
  ENDING_MUTE(State.MUTE),
  /** Like {@link #ENDING_MUTE}, but containerd has ended in between. */
  ENDING_MUTE_ALONE(State.MUTE),

  /** containerd runs, dockerd has crashed and is started again when its time has come. */
  DOCKERD_WAITS(State.BACKING_OFF),
  /** dockerd runs, containerd has crashed and is started again when its time has come. */
  CONTAINERD_WAITS(State.BACKING_OFF),
  /** Both have crashed and are started again when their time has come. */
  BOTH_WAIT(State.BACKING_OFF),

  /** Both run; dockerd was told to end and is wanted again. */
  RESTARTING(State.STARTING),
  /** Like {@link #RESTARTING}, but containerd has ended in between. */
  RESTARTING_ALONE(State.STARTING),
  /** containerd alone runs; it was told to end and both are wanted again. */
  TURNING(State.STARTING),

  /** Both run; dockerd was told to end. */
  STOPPING(State.STOPPED),
  /** dockerd alone runs and was told to end. */
  STOPPING_ALONE(State.STOPPED),
  /** containerd alone runs and was told to end. */
  STOPPING_CONTAINERD(State.STOPPED),

  /** Too many crashes; dockerd is left and was told to end. */
  GIVING_UP_DOCKERD(State.FAILED),
  /** Too many crashes; containerd is left and was told to end. */
  GIVING_UP_CONTAINERD(State.FAILED),
  /** Too many crashes; neither runs. */
  FAILED(State.FAILED),

  /** This sandbox cannot run a daemon. */
  UNSUPPORTED(State.UNSUPPORTED);

  private final State state;

  DaemonPhase(State state) {
    this.state = state;
  }

  /** What is told outside. */
  State state() {
    return state;
  }

  /** Whether dockerd can be asked for an answer. */
  boolean listens() {
    return this == STARTING
        || this == RECONNECTING
        || this == READY
        || this == MUTE
        || this == DUMPING;
  }

  /** Why one of them ends that ends now. */
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

  /** Whether both daemons have ended and nothing is planned. */
  boolean rests() {
    return this == STOPPED || this == FAILED || this == UNSUPPORTED;
  }
}
