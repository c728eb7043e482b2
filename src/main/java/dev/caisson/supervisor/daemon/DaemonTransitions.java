package dev.caisson.supervisor.daemon;

import static dev.caisson.supervisor.daemon.DaemonAction.BACK_OFF;
import static dev.caisson.supervisor.daemon.DaemonAction.BE_PATIENT;
import static dev.caisson.supervisor.daemon.DaemonAction.CALM_DOWN;
import static dev.caisson.supervisor.daemon.DaemonAction.DUMP;
import static dev.caisson.supervisor.daemon.DaemonAction.END_MUTE;
import static dev.caisson.supervisor.daemon.DaemonAction.FORGIVE;
import static dev.caisson.supervisor.daemon.DaemonAction.KILL_CONTAINERD;
import static dev.caisson.supervisor.daemon.DaemonAction.KILL_DOCKERD;
import static dev.caisson.supervisor.daemon.DaemonAction.START;
import static dev.caisson.supervisor.daemon.DaemonAction.START_AGAIN;
import static dev.caisson.supervisor.daemon.DaemonAction.TERM_CONTAINERD;
import static dev.caisson.supervisor.daemon.DaemonAction.TERM_DOCKERD;
import static dev.caisson.supervisor.daemon.DaemonPhase.BOTH_WAIT;
import static dev.caisson.supervisor.daemon.DaemonPhase.CONTAINERD_WAITS;
import static dev.caisson.supervisor.daemon.DaemonPhase.DOCKERD_WAITS;
import static dev.caisson.supervisor.daemon.DaemonPhase.DUMPING;
import static dev.caisson.supervisor.daemon.DaemonPhase.ENDING_MUTE;
import static dev.caisson.supervisor.daemon.DaemonPhase.ENDING_MUTE_ALONE;
import static dev.caisson.supervisor.daemon.DaemonPhase.FAILED;
import static dev.caisson.supervisor.daemon.DaemonPhase.GIVING_UP_CONTAINERD;
import static dev.caisson.supervisor.daemon.DaemonPhase.GIVING_UP_DOCKERD;
import static dev.caisson.supervisor.daemon.DaemonPhase.MUTE;
import static dev.caisson.supervisor.daemon.DaemonPhase.READY;
import static dev.caisson.supervisor.daemon.DaemonPhase.RECONNECTING;
import static dev.caisson.supervisor.daemon.DaemonPhase.RESTARTING;
import static dev.caisson.supervisor.daemon.DaemonPhase.RESTARTING_ALONE;
import static dev.caisson.supervisor.daemon.DaemonPhase.STARTING;
import static dev.caisson.supervisor.daemon.DaemonPhase.STOPPED;
import static dev.caisson.supervisor.daemon.DaemonPhase.STOPPING;
import static dev.caisson.supervisor.daemon.DaemonPhase.STOPPING_ALONE;
import static dev.caisson.supervisor.daemon.DaemonPhase.STOPPING_CONTAINERD;
import static dev.caisson.supervisor.daemon.DaemonPhase.TURNING;
import static dev.caisson.supervisor.daemon.DaemonPhase.UNSUPPORTED;

import java.util.List;

/**
 * The life of the two daemons as one pure, total function: every phase × every event is decided
 * here, with no {@code default}, so that a new phase does not compile until it is.
 *
 * <p>What a late answer or a late timer says about a phase that is over is nothing: those pairs
 * stay where they are.
 */
final class DaemonTransitions {

  private DaemonTransitions() {}

  /** A transition: the next phase, and the actions on the way, in order. */
  record Move(DaemonPhase phase, List<DaemonAction> actions) {}

  static Move next(DaemonPhase phase, DaemonEvent event) {
    return switch (event) {
      case WANT_UP -> wantUp(phase);
      case WANT_DOWN -> wantDown(phase);
      case WANT_RESTART -> wantRestart(phase);
      case ANSWERED -> answered(phase);
      case SILENT -> silent(phase);
      case DOCKERD_EXITED -> dockerdExited(phase);
      case CONTAINERD_EXITED -> containerdExited(phase);
      case TIMER -> timer(phase);
      case EXHAUSTED -> exhausted(phase);
      case CANNOT -> cannot(phase);
    };
  }

  private static Move wantUp(DaemonPhase phase) {
    return switch (phase) {
      case STOPPED, FAILED, DOCKERD_WAITS, BOTH_WAIT -> to(STARTING, FORGIVE, START);
      case CONTAINERD_WAITS -> to(RECONNECTING, FORGIVE, START);
      // What was told to end cannot be called back: it is awaited, then started again.
      case STOPPING, ENDING_MUTE -> to(RESTARTING, FORGIVE);
      case STOPPING_ALONE, ENDING_MUTE_ALONE, GIVING_UP_DOCKERD -> to(RESTARTING_ALONE, FORGIVE);
      case STOPPING_CONTAINERD, GIVING_UP_CONTAINERD -> to(TURNING, FORGIVE);
      case STARTING, RECONNECTING, READY, MUTE, DUMPING, RESTARTING, RESTARTING_ALONE, TURNING ->
          to(phase, FORGIVE);
      case UNSUPPORTED -> to(phase);
    };
  }

  private static Move wantDown(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, RECONNECTING, READY, MUTE, DUMPING -> to(STOPPING, TERM_DOCKERD);
      case DOCKERD_WAITS -> to(STOPPING_CONTAINERD, TERM_CONTAINERD);
      case CONTAINERD_WAITS -> to(STOPPING_ALONE, TERM_DOCKERD);
      case BOTH_WAIT, FAILED -> to(STOPPED);
      case RESTARTING, ENDING_MUTE -> to(STOPPING);
      case RESTARTING_ALONE, ENDING_MUTE_ALONE, GIVING_UP_DOCKERD -> to(STOPPING_ALONE);
      case TURNING, GIVING_UP_CONTAINERD -> to(STOPPING_CONTAINERD);
      case STOPPED, STOPPING, STOPPING_ALONE, STOPPING_CONTAINERD, UNSUPPORTED -> to(phase);
    };
  }

  private static Move wantRestart(DaemonPhase phase) {
    return switch (phase) {
      // containerd stays: the inner containers' shims are connected to it.
      case STARTING, RECONNECTING, READY, MUTE, DUMPING -> to(RESTARTING, FORGIVE, TERM_DOCKERD);
      case CONTAINERD_WAITS -> to(RESTARTING_ALONE, FORGIVE, TERM_DOCKERD);
      case STOPPED,
          FAILED,
          DOCKERD_WAITS,
          BOTH_WAIT,
          STOPPING,
          STOPPING_ALONE,
          STOPPING_CONTAINERD,
          GIVING_UP_DOCKERD,
          GIVING_UP_CONTAINERD,
          RESTARTING,
          ENDING_MUTE,
          ENDING_MUTE_ALONE,
          RESTARTING_ALONE,
          TURNING,
          UNSUPPORTED ->
          wantUp(phase);
    };
  }

  private static Move answered(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, RECONNECTING, READY -> to(READY);
      case MUTE, DUMPING -> to(READY, CALM_DOWN);
      case STOPPED,
          DOCKERD_WAITS,
          CONTAINERD_WAITS,
          BOTH_WAIT,
          ENDING_MUTE,
          ENDING_MUTE_ALONE,
          RESTARTING,
          RESTARTING_ALONE,
          TURNING,
          STOPPING,
          STOPPING_ALONE,
          STOPPING_CONTAINERD,
          GIVING_UP_DOCKERD,
          GIVING_UP_CONTAINERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move silent(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, READY -> to(MUTE, BE_PATIENT);
      // Without containerd it is of no use, however well it answers; the inner containers live on.
      case RECONNECTING -> to(ENDING_MUTE, END_MUTE);
      case MUTE,
          DUMPING,
          ENDING_MUTE,
          ENDING_MUTE_ALONE,
          STOPPED,
          DOCKERD_WAITS,
          CONTAINERD_WAITS,
          BOTH_WAIT,
          RESTARTING,
          RESTARTING_ALONE,
          TURNING,
          STOPPING,
          STOPPING_ALONE,
          STOPPING_CONTAINERD,
          GIVING_UP_DOCKERD,
          GIVING_UP_CONTAINERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move dockerdExited(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, RECONNECTING, READY, MUTE, DUMPING, ENDING_MUTE -> to(DOCKERD_WAITS, BACK_OFF);
      case ENDING_MUTE_ALONE -> to(BOTH_WAIT, BACK_OFF);
      // The timer that containerd's crash has set starts both.
      case CONTAINERD_WAITS -> to(BOTH_WAIT);
      case RESTARTING, RESTARTING_ALONE -> to(STARTING, START);
      case STOPPING -> to(STOPPING_CONTAINERD, TERM_CONTAINERD);
      case STOPPING_ALONE -> to(STOPPED);
      case GIVING_UP_DOCKERD -> to(FAILED);
      case STOPPED,
          DOCKERD_WAITS,
          BOTH_WAIT,
          TURNING,
          STOPPING_CONTAINERD,
          GIVING_UP_CONTAINERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move containerdExited(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, RECONNECTING, READY, MUTE, DUMPING -> to(CONTAINERD_WAITS, BACK_OFF);
      case DOCKERD_WAITS -> to(BOTH_WAIT);
      case RESTARTING -> to(RESTARTING_ALONE);
      case ENDING_MUTE -> to(ENDING_MUTE_ALONE);
      case TURNING -> to(STARTING, START);
      case STOPPING -> to(STOPPING_ALONE);
      case STOPPING_CONTAINERD -> to(STOPPED);
      case GIVING_UP_CONTAINERD -> to(FAILED);
      case STOPPED,
          ENDING_MUTE_ALONE,
          CONTAINERD_WAITS,
          BOTH_WAIT,
          RESTARTING_ALONE,
          STOPPING_ALONE,
          GIVING_UP_DOCKERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move timer(DaemonPhase phase) {
    return switch (phase) {
      case DOCKERD_WAITS, BOTH_WAIT -> to(STARTING, START_AGAIN);
      case CONTAINERD_WAITS -> to(RECONNECTING, START_AGAIN);
      case MUTE -> to(DUMPING, DUMP);
      case DUMPING -> to(ENDING_MUTE, END_MUTE);
      case ENDING_MUTE,
          ENDING_MUTE_ALONE,
          RESTARTING,
          RESTARTING_ALONE,
          STOPPING,
          STOPPING_ALONE,
          GIVING_UP_DOCKERD ->
          to(phase, KILL_DOCKERD);
      case TURNING, STOPPING_CONTAINERD, GIVING_UP_CONTAINERD -> to(phase, KILL_CONTAINERD);
      case STOPPED, STARTING, RECONNECTING, READY, FAILED, UNSUPPORTED -> to(phase);
    };
  }

  private static Move exhausted(DaemonPhase phase) {
    return switch (phase) {
      case DOCKERD_WAITS -> to(GIVING_UP_CONTAINERD, TERM_CONTAINERD);
      case CONTAINERD_WAITS -> to(GIVING_UP_DOCKERD, TERM_DOCKERD);
      case BOTH_WAIT -> to(FAILED);
      case STOPPED,
          STARTING,
          RECONNECTING,
          READY,
          MUTE,
          DUMPING,
          ENDING_MUTE,
          ENDING_MUTE_ALONE,
          RESTARTING,
          RESTARTING_ALONE,
          TURNING,
          STOPPING,
          STOPPING_ALONE,
          STOPPING_CONTAINERD,
          GIVING_UP_DOCKERD,
          GIVING_UP_CONTAINERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move cannot(DaemonPhase phase) {
    return switch (phase) {
      case STARTING -> to(UNSUPPORTED);
      case STOPPED,
          RECONNECTING,
          READY,
          MUTE,
          DUMPING,
          ENDING_MUTE,
          ENDING_MUTE_ALONE,
          DOCKERD_WAITS,
          CONTAINERD_WAITS,
          BOTH_WAIT,
          RESTARTING,
          RESTARTING_ALONE,
          TURNING,
          STOPPING,
          STOPPING_ALONE,
          STOPPING_CONTAINERD,
          GIVING_UP_DOCKERD,
          GIVING_UP_CONTAINERD,
          FAILED,
          UNSUPPORTED ->
          to(phase);
    };
  }

  private static Move to(DaemonPhase phase, DaemonAction... actions) {
    return new Move(phase, List.of(actions));
  }
}
