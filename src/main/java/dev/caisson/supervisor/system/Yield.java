package dev.caisson.supervisor.system;

import java.util.concurrent.locks.LockSupport;

/**
 * Where long work lets others have its carrier: there are two, and what only computes would keep
 * one.
 *
 * <p>By a rest, not by a yield: who yields is put behind those of its own carrier, which takes no
 * others as long as it has some. Four of them keep everybody else away for as long as they go on.
 */
public final class Yield {
  /** In nanoseconds; a rest takes about a fiftieth of it. */
  private static final long LENGTH = 4_000_000;

  private long since = System.nanoTime();

  /** Lets others go on, if it is time; ends the work of a thread that was interrupted. */
  public void give() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (System.nanoTime() - since >= LENGTH) {
      LockSupport.parkNanos(1);
      since = System.nanoTime();
    }
  }
}
