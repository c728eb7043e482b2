package dev.caisson.supervisor.system;

import java.util.concurrent.locks.LockSupport;

/**
 * A turn that long work gives to others, which share its carrier: there are two, and work that only
 * computes would keep one.
 *
 * <p>It is given by a rest, not by a yield: a thread that yields is put behind those of its own
 * carrier, which takes no others as long as it has some. Four such threads keep all others away for
 * as long as they go on.
 */
public final class Yield {
  /** The length of a turn, in nanoseconds; a rest takes about a fiftieth of it. */
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
