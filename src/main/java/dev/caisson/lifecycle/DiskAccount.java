package dev.caisson.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The disk use of one sandbox, as last measured, and the time of its next measurement: before so
 * much of the host's disk is gone that the sandbox can be over its limit, and within an interval in
 * any case. Times are those of {@link System#nanoTime}. For use by one thread, except for {@link
 * #kept}.
 */
final class DiskAccount {
  private final long bound;
  private final long interval;
  private volatile @Nullable Long kept;
  private long taken;
  private long next;
  private long rested;

  /**
   * Creates the account of a sandbox that is due for measurement at once.
   *
   * @param bound in bytes, 0 for none
   * @param interval longest time between two measurements
   */
  DiskAccount(long bound, Duration interval, long now) {
    this.bound = bound;
    this.interval = interval.toNanos();
    this.next = now;
    this.rested = now;
  }

  /** Creates the account of a sandbox that was just made and keeps nothing yet. */
  static DiskAccount fresh(long bound, Duration interval, long now) {
    DiskAccount account = new DiskAccount(bound, interval, now);
    account.kept = 0L;
    account.next = now + account.interval;
    return account;
  }

  long bound() {
    return bound;
  }

  /** Returns what the sandbox keeps, in bytes; null before the first measurement. */
  @Nullable Long kept() {
    return kept;
  }

  /** Adds bytes that went from the host's disk, which this sandbox may have taken. */
  void taken(long bytes) {
    taken += bytes;
  }

  boolean isDue(long now) {
    Long measured = kept;
    return now - rested >= 0
        && (now - next >= 0 || measured == null || (bound > 0 && taken >= bound - measured));
  }

  /**
   * Records a measurement, and plans the next.
   *
   * @param bytes what the sandbox keeps; null where that could not be measured
   * @param rest time in which it is not measured again, whatever happens
   */
  void measured(@Nullable Long bytes, long now, long rest) {
    if (bytes != null) {
      kept = bytes;
    }
    taken = 0;
    rested = now + rest;
    next = now + Math.max(interval, rest);
  }

  boolean isOver() {
    Long measured = kept;
    return bound > 0 && measured != null && measured > bound;
  }
}
