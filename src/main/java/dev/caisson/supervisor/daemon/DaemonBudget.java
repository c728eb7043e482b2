package dev.caisson.supervisor.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The budget of a daemon's restarts, and the wait for each: 250 ms doubling to 5 s, five in a
 * minute.
 *
 * <p>A restart counts until a minute is over <em>and</em> the daemon has answered since: one that
 * takes long to crash, without ever having been ready, is given up as well. The restart of a mute
 * daemon counts for ten minutes, since it takes most of a minute by itself.
 */
final class DaemonBudget {

  static final int ATTEMPTS = 5;
  static final Duration WINDOW = Duration.ofSeconds(60);
  static final Duration MUTE_WINDOW = Duration.ofMinutes(10);
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final List<Restart> restarts = new ArrayList<>();
  private Instant lastReady = Instant.MIN;

  private record Restart(Instant at, Duration counts) {}

  /**
   * Returns the wait before the next restart after a crash, or null when there have been too many.
   */
  @Nullable Duration grant(Instant now) {
    return grant(now, WINDOW);
  }

  /**
   * Returns the wait before the next restart, or null when there have been too many.
   *
   * @param counts how long this one counts
   */
  @Nullable Duration grant(Instant now, Duration counts) {
    restarts.removeIf(
        past -> past.at.plus(past.counts).isBefore(now) && past.at.isBefore(lastReady));
    if (restarts.size() >= ATTEMPTS) {
      return null;
    }
    Duration wait = FIRST.multipliedBy(1L << restarts.size());
    restarts.add(new Restart(now, counts));
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }

  void ready(Instant now) {
    lastReady = now;
  }

  void forgive() {
    restarts.clear();
  }

  /** Returns the number of the current restart among {@link #ATTEMPTS}, 0 when there was none. */
  int used() {
    return restarts.size();
  }
}
