package dev.caisson.pool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How many are wanted: more as soon as somebody found none, fewer after a while in which some were
 * never needed (the low-water mark of a window, as memory allocators give back what they hold).
 */
final class Demand {
  private final PoolSize size;
  private final Duration window;
  private final Clock clock;
  private int target;
  private int lowest;
  private Instant reviewed;

  Demand(PoolSize size, Duration window, Clock clock) {
    this.size = size;
    this.window = window;
    this.clock = clock;
    this.target = size.min();
    this.lowest = size.min();
    this.reviewed = clock.instant();
  }

  int target() {
    return target;
  }

  /** One was taken, and so many are left. */
  void taken(int left) {
    lowest = Math.min(lowest, left);
    if (left == 0) {
      grow(1);
    }
  }

  /** Somebody wanted one, and there was none. */
  void missed() {
    lowest = 0;
    grow(1 + target / 2);
  }

  private void grow(int more) {
    target = Math.min(size.max(), target + more);
  }

  /** When it is next to be reviewed. */
  Instant due() {
    return reviewed.plus(window);
  }

  /** Looks back at a window that is over, with so many there now. */
  void review(int ready) {
    if (clock.instant().isBefore(due())) {
      return;
    }
    target = Math.max(size.min(), target - lowest);
    lowest = Math.min(ready, target);
    reviewed = clock.instant();
  }
}
