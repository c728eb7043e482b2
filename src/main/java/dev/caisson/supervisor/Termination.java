package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;

/** Ends a process and its whole group: TERM, and KILL for what is left after the grace. */
final class Termination {
  /** How long a killed process may take to be gone, which is the kernel's work alone. */
  private static final Duration KILL_TIME = Duration.ofSeconds(10);

  private final Children children;

  Termination(Children children) {
    this.children = children;
  }

  /** Returns when the process has ended and its group with it. */
  void end(Child child, ProcessInfo.Cause cause, Duration grace) throws InterruptedException {
    LibC libc = new LibC();
    child.ending(cause);
    if (child.signal(libc, SignalName.TERM, true)) {
      // A stopped process hears TERM only when it goes on.
      child.signal(libc, SignalName.CONT, true);
    }
    if (!gone(libc, child, Deadline.in(grace.toMillis()))) {
      libc.kill(-child.pid(), SignalName.KILL);
      gone(libc, child, Deadline.in(KILL_TIME.toMillis()));
    }
    child.await(KILL_TIME.toMillis());
  }

  /** Waits until nobody of the group is left, or the time is over; whether nobody is. */
  private boolean gone(LibC libc, Child child, Deadline deadline) throws InterruptedException {
    while (true) {
      long seen = children.reaps();
      if (child.exit() != null && !libc.kill(-child.pid(), 0)) {
        return true;
      }
      if (deadline.left() == 0) {
        return false;
      }
      // Orphans of the group come to the supervisor when they end.
      children.awaitReap(seen, deadline);
    }
  }

  /** Ends what an ended process has left behind in its session, as far as it is ours. */
  void endRest(long pid, Duration grace) throws InterruptedException {
    LibC libc = new LibC();
    if (!signalSession(libc, pid, SignalName.TERM)) {
      return;
    }
    Deadline deadline = Deadline.in(grace.toMillis());
    while (deadline.left() > 0) {
      long seen = children.reaps();
      if (!signalSession(libc, pid, 0)) {
        return;
      }
      children.awaitReap(seen, deadline);
    }
    signalSession(libc, pid, SignalName.KILL);
  }

  /** Signals whoever is still in the session that this process began; whether there was anybody. */
  static boolean signalSession(LibC libc, long session, int signal) {
    boolean any = false;
    for (Descendants.Descendant found : Descendants.now()) {
      if (found.session() == session && !found.zombie()) {
        any |= libc.kill(found.pid(), signal);
      }
    }
    return any;
  }
}
