package dev.caisson.supervisor;

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
  TERM_DOCKERD,
  TERM_CONTAINERD,
  KILL_DOCKERD,
  KILL_CONTAINERD
}
