package dev.caisson.docker.view;

import java.util.Locale;

/** The state of a container of a sandbox, in the daemon's own words. */
enum ContainerState {
  CREATED,
  RUNNING,
  PAUSED,
  RESTARTING,
  REMOVING,
  EXITED,
  DEAD,
  /** A state that only a newer daemon knows. */
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
