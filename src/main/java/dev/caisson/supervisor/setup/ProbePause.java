package dev.caisson.supervisor.setup;

import java.time.Duration;

/** A way to let time pass; tests let none pass. */
@FunctionalInterface
public interface ProbePause {

  ProbePause SLEEP = Thread::sleep;

  void pause(Duration duration) throws InterruptedException;
}
