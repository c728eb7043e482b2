package dev.caisson.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one sandbox keeps, as it was last measured, and when it must be measured again: before so
 * much of the host's disk is gone that it can be over its limit, and within a time all the same.
 * Times are those of {@link System#nanoTime}. Of one thread, but for what it keeps.
 */
final class DiskAccount {
  private final long bound;
  private final long interval;
  private volatile @Nullable Long kept;
  private long taken;
  private long next;
  private long rested;

  /**
   * @param bound in bytes, 0 for none
   * @param interval longest time between two measurements
   */
  DiskAccount(long bound, Duration interval, long now) {
    this.bound = bound;
    this.interval = interval.toNanos();
    this.next = now;
    this.rested = now;
  }

  /** One that was just made: it keeps nothing yet. */
  static DiskAccount fresh(long bound, Duration interval, long now) {
    DiskAccount account = new DiskAccount(bound, interval, now);
    account.kept = 0L;
    account.next = now + account.interval;
    return account;
  }

  long bound() {
    return bound;
  }

  /** In bytes; null before it was measured. */
  @Nullable Long kept() {
    return kept;
  }

  /** So much of the host's disk went, and it may have been this one. */
  void taken(long bytes) {
    taken += bytes;
  }

  boolean isDue(long now) {
    Long measured = kept;
    return now - rested >= 0
        && (now - next >= 0 || measured == null || (bound > 0 && taken >= bound - measured));
  }

  /**
   * So much it was.
   *
   * @param rest for which it is not measured again, whatever happens
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
