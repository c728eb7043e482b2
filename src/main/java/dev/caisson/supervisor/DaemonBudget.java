package dev.caisson.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many restarts a daemon gets, and how long it waits for each: 250 ms doubling to 5 s, five in
 * a minute.
 *
 * <p>A restart counts until a minute is over <em>and</em> the daemon has answered since: one that
 * takes long to crash, without ever having been ready, is given up as well.
 */
final class DaemonBudget {

  static final int ATTEMPTS = 5;
  static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final List<Instant> restarts = new ArrayList<>();
  private Instant lastReady = Instant.MIN;

  /** The wait before the next restart, or null when there have been too many. */
  @Nullable Duration grant(Instant now) {
    restarts.removeIf(at -> at.plus(WINDOW).isBefore(now) && at.isBefore(lastReady));
    if (restarts.size() >= ATTEMPTS) {
      return null;
    }
    Duration wait = FIRST.multipliedBy(1L << restarts.size());
    restarts.add(now);
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }

  void ready(Instant now) {
    lastReady = now;
  }

  void forgive() {
    restarts.clear();
  }

  /** Which of {@link #ATTEMPTS} the current restart is, 0 when there was none. */
  int used() {
    return restarts.size();
  }
}
