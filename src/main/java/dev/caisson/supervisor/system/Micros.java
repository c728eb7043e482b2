package dev.caisson.supervisor.system;

import java.time.Clock;
import java.time.Instant;

/** Times as the wire carries them: microseconds since the epoch. */
public final class Micros {
  private Micros() {}

  public static long now(Clock clock) {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
