package dev.caisson.lifecycle;

import dev.caisson.time.Deadline;
import java.time.Duration;
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
    Deadline end = Deadline.in(most);
    while (going > 0 && !end.isOver()) {
      end.waitOn(this);
    }
  }
}
