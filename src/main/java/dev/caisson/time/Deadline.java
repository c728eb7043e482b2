package dev.caisson.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment at which a wait ends, by the monotonic clock, which cannot be set. */
public record Deadline(long at) {

  /** Returns the deadline that is over after this time. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Returns whether no time is left. */
  public boolean isOver() {
    return at - System.nanoTime() <= 0;
  }

  /** Returns the time that is left; zero if none is. */
  public Duration left() {
    return Duration.ofNanos(nanos());
  }

  /** Returns the nanoseconds that are left; zero if none are. */
  public long nanos() {
    return Math.max(0, at - System.nanoTime());
  }

  /**
   * Waits until a monitor, which the caller holds, is notified, or no time is left; callers look at
   * their condition again.
   */
  public void waitOn(Object monitor) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedWait(monitor, nanos());
  }
}
