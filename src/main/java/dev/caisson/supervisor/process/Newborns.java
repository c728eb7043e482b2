package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.system.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Children in their first moments, for what is done only for those who live longer: most end
 * before, and neither a thread nor an alarm of their own is spent on them.
 */
public final class Newborns implements Runnable {
  private static final long MOMENT = Duration.ofMillis(50).toNanos();

  /** Oldest first, so the first is always the next whose time comes. */
  private final Queue<Newborn> all = new ArrayDeque<>();

  private record Newborn(Child child, long grownAt, Runnable grown) {}

  /** Has this run if the child lives longer than a moment; one after the other, in this order. */
  synchronized void add(Child child, Runnable grown) {
    all.add(new Newborn(child, System.nanoTime() + MOMENT, grown));
    if (all.size() == 1) {
      notifyAll();
    }
  }

  @Override
  public void run() {
    while (true) {
      try {
        next().grown().run();
      } catch (InterruptedException e) {
        Log.warn("starts are no longer recorded: the thread for it was interrupted");
        return;
      } catch (RuntimeException | Error e) {
        Log.error("what is done for a child that lives on failed", "error", e);
      }
    }
  }

  private synchronized Newborn next() throws InterruptedException {
    while (true) {
      Newborn first = all.peek();
      if (first == null) {
        wait();
      } else if (first.child().exit() != null) {
        all.remove();
      } else {
        long left = first.grownAt() - System.nanoTime();
        if (left <= 0) {
          return all.remove();
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }
}
