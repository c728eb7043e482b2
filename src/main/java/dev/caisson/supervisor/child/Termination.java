package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The termination of a process and its whole group, or all of its tree: TERM, and KILL for what is
 * left after the grace.
 */
public final class Termination {
  /** The longest time a killed process may take to be gone; only the kernel matters then. */
  private static final Duration KILL_TIME = Duration.ofSeconds(10);

  /** The pause after which the survivors are killed again: they may have made more. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Children children;

  public Termination(Children children) {
    this.children = children;
  }

  /** Ends the process and its group, or its tree, and returns when they are gone. */
  public void end(Child child, ProcessInfo.Cause cause, Duration grace, boolean tree)
      throws InterruptedException {
    LibC libc = new LibC();
    Deadline deadline = Deadline.in(grace.toMillis());
    child.ending(cause);
    if (child.signal(libc, SignalName.TERM, true)) {
      // A stopped process hears TERM only when it goes on.
      child.signal(libc, SignalName.CONT, true);
      if (child.pty() != null) {
        // As when a terminal's window is closed: interactive shells do not listen to TERM.
        child.signal(libc, SignalName.HUP, true);
      }
    }
    if (tree) {
      long pid = child.pid();
      endAll(libc, () -> Tree.outsideGroup(pid, child.mark()), deadline, () -> gone(libc, child));
    } else {
      awaitGone(libc, child, deadline);
    }
    if (!gone(libc, child)) {
      libc.kill(-child.pid(), SignalName.KILL);
      awaitGone(libc, child, Deadline.in(KILL_TIME.toMillis()));
    }
    if (tree) {
      killAll(libc, () -> Tree.of(child.pid(), child.mark()));
    }
    child.await(KILL_TIME.toMillis());
  }

  /** Returns whether the process has ended and its group is empty. */
  private static boolean gone(LibC libc, Child child) {
    return child.exit() != null && !libc.kill(-child.pid(), 0);
  }

  private void awaitGone(LibC libc, Child child, Deadline deadline) throws InterruptedException {
    while (true) {
      long seen = children.reaps();
      if (gone(libc, child) || deadline.left() == 0) {
        return;
      }
      // Orphans of the group come to the supervisor when they end.
      children.awaitReap(seen, deadline);
    }
  }

  /** Ends the processes that an ended one has left behind, in its session or in all of its tree. */
  public void endRest(long pid, ProcessTag mark, Duration grace, boolean tree)
      throws InterruptedException {
    LibC libc = new LibC();
    Supplier<List<Long>> rest = () -> tree ? Tree.of(pid, mark) : Tree.session(pid);
    endAll(libc, rest, Deadline.in(grace.toMillis()), () -> true);
    killAll(libc, rest);
  }

  /** Asks all members to end and waits until none is left and {@code others} holds. */
  private void endAll(
      LibC libc, Supplier<List<Long>> members, Deadline deadline, Supplier<Boolean> others)
      throws InterruptedException {
    List<Long> asked = members.get();
    Tree.signal(libc, asked, SignalName.TERM);
    Tree.signal(libc, asked, SignalName.CONT);
    while (deadline.left() > 0) {
      long seen = children.reaps();
      if (others.get() && members.get().isEmpty()) {
        return;
      }
      children.awaitReap(seen, deadline);
    }
  }

  private void killAll(LibC libc, Supplier<List<Long>> members) throws InterruptedException {
    Deadline deadline = Deadline.in(KILL_TIME.toMillis());
    while (true) {
      long seen = children.reaps();
      List<Long> left = members.get();
      if (left.isEmpty()) {
        return;
      }
      if (deadline.left() == 0) {
        Log.warn("processes are left that cannot be killed", "count", left.size());
        return;
      }
      Tree.signal(libc, left, SignalName.KILL);
      children.awaitReap(seen, Deadline.in(Math.min(LOOK.toMillis(), deadline.left())));
    }
  }
}
