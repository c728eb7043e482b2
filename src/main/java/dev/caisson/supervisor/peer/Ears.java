package dev.caisson.supervisor.peer;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A few threads of the kernel's, made at the start, for what waits again and again: they listen to
 * the peers that start processes, and tell news. The kernel wakes each by itself, where a virtual
 * thread is woken by two others.
 */
public final class Ears {
  private int idle;
  private @Nullable Runnable next;

  /** Begins so many threads. */
  public Ears(int count) {
    for (int i = 1; i <= count; i++) {
      Thread.ofPlatform().name("ear-" + i).daemon().start(this::run);
    }
  }

  /** Gives this work to a thread that has none; returns whether there was one. */
  synchronized boolean take(Runnable listening) {
    if (idle == 0 || next != null) {
      return false;
    }
    idle--;
    next = listening;
    notifyAll();
    return true;
  }

  /** Does what waits in one of the threads, or in this one where none is free. */
  public void run(Peer.Wait part) throws IOException, InterruptedException, RefusedException {
    FutureTask<@Nullable Exception> task = new FutureTask<>(() -> failure(part));
    if (!take(task)) {
      part.run();
      return;
    }
    @Nullable Exception failure;
    try {
      failure = task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    if (failure != null) {
      rethrow(failure);
    }
  }

  private static @Nullable Exception failure(Peer.Wait part) {
    try {
      part.run();
      return null;
    } catch (IOException | InterruptedException | RefusedException e) {
      return e;
    }
  }

  private static void rethrow(Exception failure)
      throws IOException, InterruptedException, RefusedException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof InterruptedException e) {
      throw e;
    }
    if (failure instanceof RefusedException e) {
      throw e;
    }
    throw new IllegalStateException(failure);
  }

  private void run() {
    while (true) {
      try {
        await().run();
      } catch (InterruptedException e) {
        Log.debug("an ear was interrupted, and goes on");
      } catch (RuntimeException | Error e) {
        Log.error("an ear failed", "error", e);
      }
    }
  }

  private synchronized Runnable await() throws InterruptedException {
    idle++;
    try {
      while (true) {
        Runnable work = next;
        if (work != null) {
          next = null;
          return work;
        }
        wait();
      }
    } catch (InterruptedException e) {
      idle--;
      throw e;
    }
  }
}
