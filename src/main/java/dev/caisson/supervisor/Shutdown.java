package dev.caisson.supervisor;

import dev.caisson.supervisor.child.Children;
import dev.caisson.supervisor.child.Tree;
import dev.caisson.supervisor.daemon.Docker;
import dev.caisson.supervisor.process.ProcessRegistry;
import dev.caisson.supervisor.process.RunningProcess;
import dev.caisson.supervisor.process.Starter;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.Descendants;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * The end of the sandbox: ends everything in it, in order, and leaves nothing but the supervisor.
 */
final class Shutdown {
  /** The longest time killed processes may take to be gone; only the kernel matters then. */
  private static final Duration KILL_TIME = Duration.ofSeconds(10);

  /** The pause after which the survivors are killed again: a fork bomb may have made more. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Starter starter;
  private final ProcessRegistry registry;
  private final Children children;
  private final Docker docker;

  Shutdown(Starter starter, ProcessRegistry registry, Children children, Docker docker) {
    this.starter = starter;
    this.registry = registry;
    this.children = children;
    this.docker = docker;
  }

  /** Ends everything and returns when nothing is left; a second call waits for the same. */
  synchronized void run(Duration grace) throws InterruptedException {
    Log.info("the sandbox is being ended", "grace_ms", grace.toMillis());
    Deadline deadline = Deadline.in(grace.toMillis());
    LibC libc = new LibC();
    starter.close();
    // Processes that do not listen must not use up the time of the inner containers.
    long first = docker.isEnabled() ? grace.toMillis() / 2 : grace.toMillis();
    terminate(libc, Deadline.in(first));
    docker.stop(Duration.ofMillis(Math.max(deadline.left(), 1)));
    kill(libc);
    Log.info("the sandbox is empty");
  }

  /**
   * Asks all processes and their descendants to end, but not the daemons: these have their turn.
   */
  private void terminate(LibC libc, Deadline deadline) throws InterruptedException {
    for (RunningProcess running : registry.running()) {
      running.child().ending(ProcessInfo.Cause.SANDBOX_ENDED);
    }
    List<Long> asked = left();
    Tree.signal(libc, asked, SignalName.TERM);
    Tree.signal(libc, asked, SignalName.CONT);
    while (deadline.left() > 0) {
      long seen = children.reaps();
      if (left().isEmpty()) {
        return;
      }
      children.awaitReap(seen, deadline);
    }
    Tree.signal(libc, left(), SignalName.KILL);
  }

  private List<Long> left() {
    return Tree.ofProcesses(new HashSet<>(registry.pids()));
  }

  private void kill(LibC libc) throws InterruptedException {
    Deadline deadline = Deadline.in(KILL_TIME.toMillis());
    while (true) {
      long seen = children.reaps();
      List<Descendants.Descendant> left = Descendants.now();
      if (left.isEmpty()) {
        break;
      }
      if (deadline.left() == 0) {
        Log.warn("processes are left that cannot be killed", "count", left.size());
        return;
      }
      left.forEach(found -> libc.kill(found.pid(), SignalName.KILL));
      children.awaitReap(seen, Deadline.in(Math.min(LOOK.toMillis(), deadline.left())));
    }
    // What is reaped may not be recorded yet.
    for (RunningProcess last : registry.running()) {
      last.child().await(deadline.left());
    }
  }
}
