package dev.caisson.sandbox;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The latest events of one sandbox, bounded; readers wait for more. */
final class SandboxEvents {
  private static final int KEPT = 1000;

  private final Deque<SandboxEvent> events = new ArrayDeque<>();
  private long last;
  private boolean closed;

  synchronized void add(Instant at, String type, Map<String, Object> data) {
    events.addLast(new SandboxEvent(++last, at, type, data));
    if (events.size() > KEPT) {
      events.removeFirst();
    }
    notifyAll();
  }

  /** The events after this one; waits for some, and is empty when there will be no more. */
  synchronized List<SandboxEvent> after(long seq) throws InterruptedException {
    while (last <= seq && !closed) {
      wait();
    }
    return events.stream().filter(event -> event.seq() > seq).toList();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
