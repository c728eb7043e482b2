package dev.caisson.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** The number of sandboxes being started for a waiting caller; refills of a pool give way. */
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

  /** Waits until no such start is under way, or this time is over. */
  synchronized void awaitNone(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); going > 0 && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
