package dev.caisson.engine;

import java.time.Duration;

/** The way a thread lets time pass; a test lets none pass. */
@FunctionalInterface
interface Sleep {
  void sleep(Duration duration) throws InterruptedException;
}
