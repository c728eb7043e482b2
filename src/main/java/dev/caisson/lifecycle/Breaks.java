package dev.caisson.lifecycle;

import java.time.Duration;

/**
 * How often the connection to one supervisor broke lately: whoever breaks it on purpose is lost.
 */
final class Breaks {
  private static final long LATELY = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 20;

  private long since = System.nanoTime();
  private int count;

  /** Counts one, and tells whether it is one too many. */
  boolean isTooMany() {
    long now = System.nanoTime();
    if (now - since > LATELY) {
      since = now;
      count = 0;
    }
    return ++count > MOST;
  }
}
