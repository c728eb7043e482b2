package dev.caisson.pool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The number of sandboxes wanted in a pool: more as soon as a caller found none, fewer after a
 * while in which some were never needed (the low-water mark of a window, as memory allocators give
 * back what they hold).
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

  /** Records that a sandbox was taken, and so many are left. */
  void taken(int left) {
    lowest = Math.min(lowest, left);
    if (left == 0) {
      grow(1);
    }
  }

  /** Records that a caller found no sandbox. */
  void missed() {
    lowest = 0;
    grow(1 + target / 2);
  }

  private void grow(int more) {
    target = Math.min(size.max(), target + more);
  }

  /** Returns when the demand is next to be reviewed. */
  Instant due() {
    return reviewed.plus(window);
  }

  /**
   * Reviews the demand at the end of a window, with so many sandboxes ready now; does nothing
   * before.
   */
  void review(int ready) {
    if (clock.instant().isBefore(due())) {
      return;
    }
    target = Math.max(size.min(), target - lowest);
    lowest = Math.min(ready, target);
    reviewed = clock.instant();
  }
}
