package dev.caisson.supervisor.child;

import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.system.SystemException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All children that run, processes and units alike: the one place that spawns and that reaps, so
 * that no end is seen before its start and no pid is mistaken for another's.
 */
public final class Children implements Runnable {
  private final Spawner spawner = new Spawner();

  /** The C library for the thread that spawns, which is one at a time. */
  private final LibC spawning = new LibC();

  private final Map<Long, Child> running = new HashMap<>();
  private final Pump pump;
  private final OomCounter ooms;
  private final Clock clock;

  /** The numbers of spawns, and of children taken away. */
  private long spawns;

  private long reaps;

  public Children(Pump pump, OomCounter ooms, Clock clock) {
    this.pump = pump;
    this.ooms = ooms;
    this.clock = clock;
  }

  /** A factory of the listener to a child's end, before that can be seen. */
  public interface OnSpawn<L extends ChildListener> {
    L spawned(Child child);
  }

  /**
   * Starts a child.
   *
   * @param mark by which its tree is found
   * @param journal made for its pid
   * @return what {@code onSpawn} has made
   */
  public synchronized <L extends ChildListener> L spawn(
      Launch launch,
      ProcessTag mark,
      byte @Nullable [] input,
      LongFunction<Journal> journal,
      OnSpawn<L> onSpawn)
      throws SystemException {
    try {
      Spawner.Spawned spawned = spawner.spawn(spawning, launch, mark.put(spawning), mark.process());
      Child child =
          new Child(spawned, launch, input, journal.apply(spawned.pid()), pump, ooms, clock);
      try {
        child.begin(spawning);
      } catch (SystemException e) {
        spawning.kill(-spawned.pid(), SignalName.KILL);
        child.abandon(spawning);
        throw e;
      }
      L listener = onSpawn.spawned(child);
      child.listener(listener);
      running.put(child.pid(), child);
      return listener;
    } finally {
      // A failed one may have left a child to be reaped, too.
      spawns++;
      notifyAll();
    }
  }

  /**
   * Runs the reaper: takes away every child that ends, those that were left to the supervisor too.
   */
  @Override
  public void run() {
    LibC libc = new LibC();
    ByteBuffer buffer = Pump.buffer();
    while (true) {
      long seen = spawns();
      try {
        reap(libc, buffer, libc.waitAny());
      } catch (SystemException e) {
        if (e.errno() == Errno.ECHILD) {
          awaitSpawn(seen);
        } else if (e.errno() != Errno.EINTR) {
          Log.error("the reaper failed", "error", e);
        }
      } catch (RuntimeException | Error e) {
        Log.error("the reaper failed on a child", "error", e);
      }
    }
  }

  private void reap(LibC libc, ByteBuffer buffer, LibC.WaitStatus status) throws SystemException {
    Child child = find(status.pid());
    try {
      if (child != null) {
        child.drain(libc, buffer);
      }
    } finally {
      take(libc, child, status.pid());
    }
    if (child != null) {
      child.end(status);
    }
    synchronized (this) {
      reaps++;
      notifyAll();
    }
  }

  private synchronized void take(LibC libc, @Nullable Child child, long pid)
      throws SystemException {
    if (child == null) {
      libc.reap(pid);
    } else {
      running.remove(pid);
      child.reap(libc);
    }
  }

  private synchronized @Nullable Child find(long pid) {
    return running.get(pid);
  }

  private synchronized long spawns() {
    return spawns;
  }

  /**
   * Waits for the next spawn: where there are no children there are no orphans to come either, only
   * a spawn changes that.
   */
  private synchronized void awaitSpawn(long seen) {
    while (spawns == seen) {
      try {
        wait();
      } catch (InterruptedException e) {
        Log.warn("the reaper was interrupted, and goes on");
      }
    }
  }

  public synchronized long reaps() {
    return reaps;
  }

  /** Waits until a child is taken away after the ones seen, or the time is over. */
  public synchronized void awaitReap(long seen, Deadline deadline) throws InterruptedException {
    for (long left = deadline.left(); reaps == seen && left > 0; left = deadline.left()) {
      wait(left);
    }
  }
}
