package dev.caisson.supervisor.daemon;

/** What the keeper does when the table says so. */
enum DaemonAction {
  /** Starts whichever daemon does not run, and begins to ask for an answer. */
  START,
  /** As {@link #START}, counted as a restart that nobody asked for. */
  START_AGAIN,
  /** Sets the timer to the next restart, or finds that there have been too many. */
  BACK_OFF,
  /** Forgets the restarts so far: a person asked, so the count begins anew. */
  FORGIVE,
  /** Sets the timer to when silence has lasted too long. */
  BE_PATIENT,
  /** It answers again: what was planned against its silence is off. */
  CALM_DOWN,
  /** Asks dockerd to write down what its goroutines do, and sets the timer. */
  DUMP,
  /** Keeps the dump, if there is one, and tells dockerd to end. */
  END_MUTE,
  TERM_DOCKERD,
  TERM_CONTAINERD,
  KILL_DOCKERD,
  KILL_CONTAINERD
}
