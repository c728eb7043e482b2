package dev.caisson.engine.client;

import java.time.Duration;

/** The way a thread lets time pass; a test lets none pass. */
@FunctionalInterface
public interface Sleep {
  void sleep(Duration duration) throws InterruptedException;
}
