package dev.caisson.supervisor.system;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the kernel's threads that virtual ones run on at the start, and keeps them: under a limit
 * of processes that a sandbox has used up no thread could be made later.
 */
public final class CarrierThreads {
  /** The time between two beats: the scheduler gives idle threads back after 30 s (JDK 25). */
  private static final Duration BEAT = Duration.ofSeconds(10);

  private static final int COUNT =
      Integer.getInteger(
          "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

  private CarrierThreads() {}

  public static void keep() throws InterruptedException {
    AtomicInteger here = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(COUNT);
    for (int i = 0; i < COUNT; i++) {
      Thread.ofVirtual()
          .name("carrier-" + i)
          .start(() -> {
            // Each must be on a thread of its own before one lets go.
            here.incrementAndGet();
            while (here.get() < COUNT) {
              Thread.onSpinWait();
            }
            done.countDown();
          });
    }
    done.await();
    Thread.ofVirtual().name("heartbeat").start(CarrierThreads::beat);
  }

  private static void beat() {
    Object never = new Object();
    NativeHeap heap = new NativeHeap();
    synchronized (never) {
      while (true) {
        try {
          never.wait(BEAT.toMillis());
        } catch (InterruptedException e) {
          Log.debug("the heartbeat was interrupted, and goes on");
        }
        heap.giveBack();
      }
    }
  }
}
