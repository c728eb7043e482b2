package dev.caisson.supervisor.setup;

import java.time.Duration;

/** How time is let pass; tests let none. */
@FunctionalInterface
public interface ProbePause {

  ProbePause SLEEP = Thread::sleep;

  void pause(Duration duration) throws InterruptedException;
}
