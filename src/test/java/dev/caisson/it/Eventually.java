package dev.caisson.it;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again until something holds, where a test has nothing that could tell it. */
public final class Eventually {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private Eventually() {}

  public static <T> T holds(Supplier<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      T seen = look.get();
      if (wanted.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("still not so: " + seen);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
