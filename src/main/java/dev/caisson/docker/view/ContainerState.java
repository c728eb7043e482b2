package dev.caisson.docker.view;

import java.util.Locale;

/** What a container of a sandbox is doing, in the daemon's own words. */
enum ContainerState {
  CREATED,
  RUNNING,
  PAUSED,
  RESTARTING,
  REMOVING,
  EXITED,
  DEAD,
  /** A newer daemon has more words. */
  UNKNOWN;

  static ContainerState of(String word) {
    for (ContainerState state : values()) {
      if (state.name().equals(word.toUpperCase(Locale.ROOT))) {
        return state;
      }
    }
    return UNKNOWN;
  }
}
