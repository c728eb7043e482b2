package dev.caisson.lifecycle;

import dev.caisson.sandbox.SandboxId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a keeper does, mark by mark, none of which ends it: what fails for a reason nobody thought
 * of is counted, told once of each kind, and followed by a pause, longer each time, before what is
 * due.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final MeterRegistry meters;
  private final SandboxId id;
  private final Set<String> told = new HashSet<>();
  private Duration pause = Duration.ZERO;
  private long until;
  private volatile boolean closed;

  Attempts(MeterRegistry meters, SandboxId id) {
    this.meters = meters;
    this.id = id;
  }

  /** Does it; whatever it throws, and be it an error of ours, the next mark is read after it. */
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

  /** Counts a failure that was got over. */
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

  /** What failed is left alone for a while, longer each time. */
  void rest() {
    Duration longer = pause.isZero() ? SHORTEST : pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    until = System.nanoTime() + pause.toNanos();
  }

  /** The next pause is a short one again, and there is none now. */
  void rested() {
    pause = Duration.ZERO;
  }

  /** What is left of a pause; null where there is none. */
  @Nullable Duration left() {
    long left = until - System.nanoTime();
    return pause.isZero() ? null : Duration.ofNanos(Math.max(0, left));
  }

  /** What fails from here on fails because the service stops. */
  void close() {
    closed = true;
  }
}
