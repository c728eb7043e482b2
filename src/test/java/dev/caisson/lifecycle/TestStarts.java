package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Queues of cold starts for tests. */
final class TestStarts {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private TestStarts() {}

  /** A queue with the usual settings. */
  static ColdStarts starts(Engine engine, MeterRegistry meters) {
    return new ColdStarts(
        new StartsProperties(0, 1000, PATIENCE, PATIENCE, PATIENCE, Duration.ZERO), engine, meters);
  }
}
