package dev.caisson.supervisor.daemon;

/** The actions of the keeper, as the table says. */
enum DaemonAction {
  /** Starts whichever daemon does not run, and begins to ask for an answer. */
  START,
  /** A {@link #START} that is counted as a restart without a request. */
  START_AGAIN,
  /** Sets the timer to the next restart, or finds that there have been too many. */
  BACK_OFF,
  /** Forgets the restarts so far: a request came in, so the count begins anew. */
  FORGIVE,
  /** Sets the timer to the time at which silence has lasted too long. */
  BE_PATIENT,
  /** Cancels what was planned against the silence, since dockerd answers again. */
  CALM_DOWN,
  /** Asks dockerd to write down what its goroutines do, and sets the timer. */
  DUMP,
  /** Keeps the dump, if there is one, and asks dockerd to end. */
  END_MUTE,
  TERM_DOCKERD,
  TERM_CONTAINERD,
  KILL_DOCKERD,
  KILL_CONTAINERD
}
