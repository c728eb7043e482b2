package dev.caisson.supervisor.peer;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The news that one watcher has still to get: the daemon's latest status and the latest events. */
public final class Watcher {
  /** The most events that a watcher may be behind; beyond them it loses the oldest. */
  static final int BOUND = 1024;

  /**
   * The time, in milliseconds, for which news of processes wait for more: a start and its end then
   * wake the service once, and not while it answers the request itself. The daemon's go out at
   * once.
   */
  private static final long LINGER = 20;

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
    if (events.size() == 1) {
      notifyAll();
    }
  }

  /** Waits for what is next: the daemon's news before those of processes. */
  public synchronized List<Answer> next() throws InterruptedException {
    while (daemon == null && events.isEmpty()) {
      wait();
    }
    Deadline linger = Deadline.in(LINGER);
    for (long left = linger.left(); daemon == null && left > 0; left = linger.left()) {
      wait(left);
    }
    List<Answer> next = new ArrayList<>(events.size() + 1);
    if (daemon != null) {
      next.add(daemon);
      daemon = null;
    }
    next.addAll(events);
    events.clear();
    return next;
  }
}
