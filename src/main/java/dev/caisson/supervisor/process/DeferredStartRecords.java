package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.system.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Records of starts, put off for a moment: most processes end before, and neither a write nor a
 * thread of their own is spent on them.
 */
public final class DeferredStartRecords implements Runnable {
  private static final long MOMENT = Duration.ofMillis(50).toNanos();

  /** The deferred records, oldest first, so the first is always the next that is due. */
  private final Queue<Deferred> all = new ArrayDeque<>();

  private record Deferred(Child child, long dueAt, Runnable task) {}

  /** Runs the task if the child lives longer than a moment; one after the other, in this order. */
  synchronized void add(Child child, Runnable task) {
    all.add(new Deferred(child, System.nanoTime() + MOMENT, task));
    if (all.size() == 1) {
      notifyAll();
    }
  }

  @Override
  public void run() {
    while (true) {
      try {
        next().task().run();
      } catch (InterruptedException e) {
        Log.warn("starts are no longer recorded: the thread for it was interrupted");
        return;
      } catch (RuntimeException | Error e) {
        Log.error("a start cannot be recorded", "error", e);
      }
    }
  }

  private synchronized Deferred next() throws InterruptedException {
    while (true) {
      Deferred first = all.peek();
      if (first == null) {
        wait();
      } else if (first.child().exit() != null) {
        all.remove();
      } else {
        long left = first.dueAt() - System.nanoTime();
        if (left <= 0) {
          return all.remove();
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }
}
