package dev.caisson.lifecycle;

import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The events of one sandbox in the order in which they came, bounded whatever its supervisor says:
 * of too many statuses of the daemon the newest takes the place of the one before, and a thread
 * that brings too many processes waits. An event of the service itself is never refused, nor lost.
 */
final class Inbox {
  private static final int MOST_PROCESSES = 100;

  /** The bytes, about, that waiting processes may take; a single process may always wait. */
  private static final long MOST_WEIGHT = 1 << 20;

  private static final int MOST_STATUSES = 8;

  private final Deque<ReconcilerEvent> marks = new ArrayDeque<>();
  private int processes;
  private long weight;
  private int statuses;
  private boolean deaf;

  /** Adds an event that the service itself saw, or that a caller wants. */
  synchronized void add(ReconcilerEvent mark) {
    // A lost link or a dead container that is reported twice is no more than one reported once.
    boolean known =
        (mark instanceof ReconcilerEvent.Died || mark instanceof ReconcilerEvent.LinkLost);
    if (!known || !marks.contains(mark)) {
      marks.addLast(mark);
      notifyAll();
    }
  }

  /** Takes back an event that is no longer wanted. */
  synchronized void remove(ReconcilerEvent mark) {
    marks.remove(mark);
  }

  /** Adds a status of the daemon that the supervisor reports. */
  synchronized void push(DaemonStatus status) {
    if (deaf) {
      return;
    }
    if (statuses >= MOST_STATUSES) {
      marks.removeLastOccurrence(lastStatus());
      statuses--;
    }
    marks.addLast(new ReconcilerEvent.Daemon(status));
    statuses++;
    notifyAll();
  }

  private ReconcilerEvent.@Nullable Daemon lastStatus() {
    for (var each = marks.descendingIterator(); each.hasNext(); ) {
      if (each.next() instanceof ReconcilerEvent.Daemon daemon) {
        return daemon;
      }
    }
    return null;
  }

  /** Adds a process that the supervisor reports; waits until there is room for it. */
  synchronized void push(ProcessInfo process) throws InterruptedException {
    long more = weight(process);
    while (!deaf && processes > 0 && (processes >= MOST_PROCESSES || weight + more > MOST_WEIGHT)) {
      wait();
    }
    if (deaf) {
      return;
    }
    marks.addLast(new ReconcilerEvent.Moved(process));
    processes++;
    weight += more;
    notifyAll();
  }

  private static long weight(ProcessInfo process) {
    long sum = 512;
    for (String word : process.command()) {
      sum += 64 + 2L * word.length();
    }
    return sum + 2L * process.cwd().length();
  }

  /** Takes the next event; null if none comes within this time. */
  synchronized @Nullable ReconcilerEvent poll(Duration patience) throws InterruptedException {
    Deadline end = Deadline.in(patience);
    while (marks.isEmpty()) {
      if (end.isOver()) {
        return null;
      }
      end.waitOn(this);
    }
    ReconcilerEvent mark = marks.removeFirst();
    if (mark instanceof ReconcilerEvent.Moved(ProcessInfo process)) {
      processes--;
      weight -= weight(process);
      notifyAll();
    } else if (mark instanceof ReconcilerEvent.Daemon) {
      statuses--;
    }
    return mark;
  }

  /** Returns whether an end of the sandbox is requested. */
  synchronized boolean hasEnd() {
    return marks.stream().anyMatch(ReconcilerEvent.End.class::isInstance);
  }

  /**
   * Drops what the supervisor has reported, and ignores all it reports from here on: no thread
   * waits to report.
   */
  synchronized void ignoreSupervisor() {
    deaf = true;
    marks.removeIf(
        mark -> mark instanceof ReconcilerEvent.Moved || mark instanceof ReconcilerEvent.Daemon);
    processes = 0;
    weight = 0;
    statuses = 0;
    notifyAll();
  }
}
