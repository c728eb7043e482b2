package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What one watcher has still to be told: the daemon's latest status and the latest events. */
final class Watcher {
  /** A watcher that is further behind loses the oldest events. */
  static final int BOUND = 1024;

  private final ArrayDeque<Answer> events = new ArrayDeque<>();
  private @Nullable DaemonStatus daemon;
  private long dropped;

  Watcher(DaemonStatus daemon) {
    this.daemon = daemon;
  }

  synchronized void tell(DaemonStatus status) {
    daemon = status;
    notifyAll();
  }

  synchronized void tell(Answer event) {
    if (events.size() == BOUND) {
      events.removeFirst();
      if (dropped++ == 0) {
        Log.warn("a watcher is too slow, it loses events");
      }
    }
    events.add(event);
    notifyAll();
  }

  /** Waits for the next, the daemon's first. */
  synchronized Answer next() throws InterruptedException {
    while (daemon == null && events.isEmpty()) {
      wait();
    }
    DaemonStatus status = daemon;
    daemon = null;
    return status != null ? status : events.removeFirst();
  }
}
