package dev.caisson.supervisor;

import java.time.Clock;
import java.time.Instant;

/** Times as the wire carries them: microseconds since the epoch. */
final class Micros {
  private Micros() {}

  static long now(Clock clock) {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
