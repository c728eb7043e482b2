package dev.caisson.engine.client;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call in a virtual thread of its own, which is interrupted when its time is over: docker-java's
 * own timeout does nothing on a unix socket, an interrupt closes the channel.
 */
final class TimeLimiter {
  /**
   * The longest time an interrupted call may take to notice; it is only waited for to leave in
   * order.
   */
  private static final Duration LEAVE = Duration.ofSeconds(1);

  private TimeLimiter() {}

  /**
   * Runs a call and waits for its answer; an interrupt of the caller ends the call too.
   *
   * @throws TimeoutException if it took longer; the call was interrupted
   * @throws ExecutionException with what the call threw
   */
  static <T> T within(Duration limit, String name, Callable<T> work)
      throws TimeoutException, ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofVirtual().name("engine-" + name).start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException e) {
      task.cancel(true);
      leave(thread);
      throw e;
    }
  }

  private static void leave(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(LEAVE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
