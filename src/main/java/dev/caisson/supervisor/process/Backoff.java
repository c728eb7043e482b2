package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The decision whether and when something that has ended is started again. */
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(250);
  static final Duration LONGEST = Duration.ofSeconds(5);
  static final Duration WINDOW = Duration.ofSeconds(60);
  static final int MOST = 5;

  /** The signals that ask for an end. */
  private static final Set<String> ENDING = Set.of("TERM", "KILL", "INT", "QUIT", "HUP");

  /** The times of the restarts within the window, microseconds since the epoch. */
  private final ArrayDeque<Long> restarts = new ArrayDeque<>(MOST);

  private Duration delay = FIRST;

  /** Returns whether this end is to be followed by another attempt. */
  static boolean wanted(Request.RestartPolicy policy, ProcessInfo.Exit exit) {
    boolean asked =
        switch (exit.cause()) {
          case TIMEOUT, SANDBOX_ENDED, SUPERVISOR_LOST -> true;
          case KILLED_BY_USER -> exit.signal() == null || ENDING.contains(exit.signal());
          case EXITED, SIGNALED, OUT_OF_MEMORY -> false;
        };
    return !asked
        && switch (policy) {
          case NEVER -> false;
          case ON_FAILURE -> exit.code() != 0;
          case ALWAYS -> true;
        };
  }

  /**
   * Returns the pause before the next attempt, or null where there were too many. An attempt that
   * ran as long as the window has done well: the pauses begin anew.
   */
  @Nullable Duration next(long startedAt, long endedAt) {
    long window = micros(WINDOW);
    if (endedAt - startedAt >= window) {
      delay = FIRST;
    }
    while (!restarts.isEmpty() && restarts.getFirst() <= endedAt - window) {
      restarts.removeFirst();
    }
    if (restarts.size() >= MOST) {
      return null;
    }
    Duration pause = delay;
    delay = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
    restarts.add(endedAt + micros(pause));
    return pause;
  }

  static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }
}
