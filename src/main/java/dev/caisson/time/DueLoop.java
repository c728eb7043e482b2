package dev.caisson.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does what is due, and then waits until the next is: that long by the clock, or
 * until it is woken because something else may be due first. A round that fails does not end it.
 */
public final class DueLoop {
  private static final Logger log = LoggerFactory.getLogger(DueLoop.class);

  private final String name;
  private final Duration longest;
  private final Clock clock;
  private final Semaphore woken = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean running;

  /** The work of one round. */
  @FunctionalInterface
  public interface Round {
    /** Does what is due, and returns when the next is; null where nothing is known to be. */
    @Nullable Instant run();
  }

  /**
   * Creates the loop, which is still to be started.
   *
   * @param name of its thread
   * @param longest pause between two rounds, also after one that failed
   */
  public DueLoop(String name, Duration longest, Clock clock) {
    this.name = name;
    this.longest = longest;
    this.clock = clock;
  }

  /** Starts the loop, with a first round at once. */
  public void start(Round round) {
    running = true;
    thread = Thread.ofVirtual().name(name).start(() -> run(round));
  }

  /** Ends the pause: what is due next may be another. */
  public void wake() {
    woken.release();
  }

  /** Returns whether the loop is to go on; a long round may look at it. */
  public boolean isRunning() {
    return running;
  }

  /** Ends the loop, and waits this long for a round that is under way. */
  public void stop(Duration patience) {
    running = false;
    woken.release();
    Thread last = thread;
    try {
      if (last != null && !last.join(patience)) {
        log.warn("the loop {} does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Round round) {
    try {
      while (running) {
        Duration pause = longest;
        try {
          pause = until(round.run());
        } catch (RuntimeException e) {
          log.atWarn()
              .addKeyValue("loop", name)
              .addKeyValue("error", e.getMessage())
              .log("a round failed, will be tried again");
        }
        boolean _ = woken.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS);
        woken.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration until(@Nullable Instant due) {
    if (due == null) {
      return longest;
    }
    Duration left = Duration.between(clock.instant(), due);
    return left.isNegative() ? Duration.ZERO : left.compareTo(longest) > 0 ? longest : left;
  }
}
