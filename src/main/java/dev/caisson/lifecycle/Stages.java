package dev.caisson.lifecycle;

import dev.caisson.sandbox.Startup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The duration of each stage of one start, for its answer and for the metrics. */
final class Stages {
  private final MeterRegistry meters;
  private final List<Startup.Stage> taken = new ArrayList<>();
  private final long began = System.nanoTime();

  Stages(MeterRegistry meters) {
    this.meters = meters;
  }

  <T> T time(String name, Supplier<T> work) {
    long from = System.nanoTime();
    T result = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    taken.add(new Startup.Stage(name, took.toMillis()));
    meters.timer("caisson.sandbox.startup", "stage", name).record(took);
    return result;
  }

  /** Returns all stages until now, and the time since the beginning. */
  Startup measured(boolean pooled, @Nullable String miss) {
    return new Startup((System.nanoTime() - began) / 1_000_000, taken, pooled, miss);
  }
}
