package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.time.Deadline;
import dev.caisson.time.RetryPause;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a keeper's work, event by event, none of which ends the keeper: an unexpected failure
 * is counted, logged once per kind, and followed by a pause, longer each time, before the next
 * scheduled work.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final MeterRegistry meters;
  private final SandboxId id;
  private final Set<String> told = new HashSet<>();
  private final RetryPause pauses = new RetryPause(SHORTEST, LONGEST);
  private @Nullable Deadline until;
  private volatile boolean closed;

  Attempts(MeterRegistry meters, SandboxId id) {
    this.meters = meters;
    this.id = id;
  }

  /**
   * Runs the work; whatever it throws, even an error of the service's own, the keeper reads the
   * next event after it.
   */
  void run(String step, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      if (!closed) {
        failed(step, e);
        rest();
      }
    }
  }

  /** Counts a failure from which the keeper recovered, and logs the first of each kind. */
  void failed(String step, Throwable e) {
    meters.counter("caisson.keeper.failures", "step", step).increment();
    if (told.add(step + " " + e.getClass().getName())) {
      log.atError()
          .addKeyValue("sandbox", id)
          .addKeyValue("step", step)
          .setCause(e)
          .log("sandbox keeper failed and goes on; the same again is counted, not told");
    }
  }

  /** Begins a pause before the failed work is repeated, longer each time. */
  void rest() {
    until = Deadline.in(pauses.next());
  }

  /** Ends the pause, and makes the next one short again. */
  void rested() {
    pauses.reset();
    until = null;
  }

  /** Returns what is left of the pause; null where there is none. */
  @Nullable Duration left() {
    return until == null ? null : until.left();
  }

  /** Ends the counting of failures: from here on they come from the stop of the service. */
  void close() {
    closed = true;
  }
}
