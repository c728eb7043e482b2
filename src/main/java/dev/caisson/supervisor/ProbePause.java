package dev.caisson.supervisor;

import java.time.Duration;

/** How time is let pass; tests let none. */
@FunctionalInterface
interface ProbePause {

  ProbePause SLEEP = Thread::sleep;

  void pause(Duration duration) throws InterruptedException;
}
