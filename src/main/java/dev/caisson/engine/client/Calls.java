package dev.caisson.engine.client;

import dev.caisson.sandbox.EngineException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The calls to the engine: each with a deadline, its failure in the words of the port, timed. */
record Calls(EngineErrors errors, MeterRegistry meters) {

  <T> T within(Duration limit, Operation operation, Callable<T> work) {
    long from = System.nanoTime();
    String outcome = "failed";
    try {
      T answer = TimeLimiter.within(limit, operation.tag(), work);
      outcome = "ok";
      return answer;
    } catch (TimeoutException e) {
      outcome = "late";
      throw errors.late(operation, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.interrupted(operation);
    } catch (ExecutionException e) {
      RuntimeException told = errors.of(operation, e.getCause());
      outcome = told instanceof EngineException.Refused ? "refused" : "failed";
      throw told;
    } finally {
      meters
          .timer("caisson.engine.calls", "operation", operation.tag(), "outcome", outcome)
          .record(Duration.ofNanos(System.nanoTime() - from));
    }
  }
}
