package dev.caisson.lifecycle;

import java.time.Duration;

/**
 * A count of how often the connection to one supervisor broke within a minute; a supervisor that
 * breaks it again and again counts as lost.
 */
final class Breaks {
  private static final long LATELY = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 20;

  private long since = System.nanoTime();
  private int count;

  /** Counts one break, and returns whether it is one too many. */
  boolean isTooMany() {
    long now = System.nanoTime();
    if (now - since > LATELY) {
      since = now;
      count = 0;
    }
    return ++count > MOST;
  }
}
