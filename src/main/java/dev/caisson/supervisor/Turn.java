package dev.caisson.supervisor;

/**
 * Where long work lets others have its carrier: there are two, and what only computes would keep
 * one.
 */
final class Turn {
  private Turn() {}

  /** Lets others go on; ends the work of a thread that was interrupted. */
  @SuppressWarnings("ThreadPriorityCheck") // Virtual threads are not preempted.
  static void give() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Thread.yield();
  }
}
