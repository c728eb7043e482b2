package dev.caisson.supervisor.system;

import java.util.concurrent.TimeUnit;

/** The moment at which a wait ends, by the monotonic clock, which cannot be set. */
public record Deadline(long at) {
  /** The longest wait, in milliseconds: far enough, and near enough not to overflow. */
  private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(3650);

  public static Deadline in(long millis) {
    return new Deadline(System.nanoTime() + nanos(millis));
  }

  static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(Math.clamp(millis, 0, LONGEST_MILLIS));
  }

  /**
   * Returns the time that is left in milliseconds, rounded up, so that a wait does not end too
   * early; 0 is over.
   */
  public long left() {
    return millis(at - System.nanoTime());
  }

  static long millis(long nanos) {
    return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
  }
}
