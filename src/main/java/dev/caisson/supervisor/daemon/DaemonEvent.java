package dev.caisson.supervisor.daemon;

/** The events that can happen to the daemons, and the requests to them. */
enum DaemonEvent {
  WANT_UP,
  WANT_DOWN,
  WANT_RESTART,
  /** dockerd answered a ping. */
  ANSWERED,
  /** dockerd was asked and did not answer in time. */
  SILENT,
  DOCKERD_EXITED,
  CONTAINERD_EXITED,
  /** The time set by the last back-off or the last request to end is over. */
  TIMER,
  /** A restart was due and the budget of restarts is used up. */
  EXHAUSTED,
  /** The sandbox turned out not to be able to run a daemon. */
  CANNOT
}
