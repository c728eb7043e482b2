package dev.caisson.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** How many sandboxes are being started for somebody who waits; refills of a pool give way. */
@Component
final class ColdStarts {
  private int going;

  synchronized void begin() {
    going++;
  }

  synchronized void end() {
    going--;
    if (going == 0) {
      notifyAll();
    }
  }

  /** Returns when there is none, or this time is over. */
  synchronized void awaitNone(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); going > 0 && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
