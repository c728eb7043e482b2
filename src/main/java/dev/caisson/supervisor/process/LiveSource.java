package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.Input;
import dev.caisson.supervisor.child.Pty;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Readiness;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A process in the supervisor's memory: it runs, or a descendant still holds its pipes. */
public final class LiveSource implements Source {
  private final Child child;
  private final ProcessInfo started;
  private final Chain chain;
  private ProcessInfo.@Nullable Attempt attempt;
  private @Nullable Readiness readiness;

  /** Whether its end has come and is being recorded, of which nobody knows yet. */
  private boolean ending;

  /**
   * @param started what was known of it at its start
   */
  LiveSource(Child child, ProcessInfo started, Chain chain) {
    this.child = child;
    this.started = started;
    this.chain = chain;
    this.attempt = started.attempt();
    this.readiness = started.readiness();
  }

  public Child child() {
    return child;
  }

  ProcessInfo started() {
    return started;
  }

  Chain chain() {
    return chain;
  }

  @Override
  public Path directory() {
    return child.journal().directory();
  }

  @Override
  public long lastSeq() {
    return child.journal().lastSeq();
  }

  @Override
  public void awaitAfter(long seq) throws InterruptedException {
    child.journal().awaitAfter(seq);
  }

  @Override
  public boolean ended() {
    return child.exit() != null;
  }

  @Override
  public ProcessInfo process() {
    return with(child.exit());
  }

  ProcessInfo with(ProcessInfo.@Nullable Exit exit) {
    Pty pty = child.pty();
    Input input = child.input();
    ProcessInfo now =
        started.with(
            exit,
            child.journal().volume(StreamName.STDOUT),
            child.journal().volume(StreamName.STDERR));
    synchronized (child) {
      return now.with(
          pty == null ? null : pty.size(),
          input == null || started.input() == null ? null : input.info(),
          attempt,
          readiness);
    }
  }

  ProcessInfo.@Nullable Attempt attempt() {
    synchronized (child) {
      return attempt;
    }
  }

  void attempt(ProcessInfo.Attempt changed) {
    synchronized (child) {
      attempt = changed;
    }
  }

  /** Says why it is not ready yet. */
  void pending(String reason) {
    synchronized (child) {
      if (isPending()) {
        readiness = new Readiness(Readiness.State.PENDING, 0, reason);
      }
    }
  }

  /** Decides whether it is ready, once; whether it was this time. */
  boolean decide(Readiness.State state, long at, @Nullable String reason) {
    synchronized (child) {
      if (!isPending()) {
        return false;
      }
      readiness = new Readiness(state, at, reason);
      child.notifyAll();
      return true;
    }
  }

  /** It has ended, of which nobody knows yet: it does not become ready any more. */
  void end(ProcessInfo.Exit exit) {
    synchronized (child) {
      ending = true;
      decide(Readiness.State.FAILED, exit.at(), "it ended with exit code " + exit.code());
    }
  }

  /** Whether its end has come, whoever knows of it. */
  boolean isEnding() {
    synchronized (child) {
      return ending;
    }
  }

  private boolean isPending() {
    return readiness != null && readiness.state() == Readiness.State.PENDING;
  }

  /** Waits until it is ready or cannot become so any more, or the time is over. */
  public void awaitReady(long millis) throws InterruptedException {
    Deadline deadline = Deadline.in(millis);
    synchronized (child) {
      for (long left = deadline.left();
          (isPending() || ending) && child.exit() == null && left > 0;
          left = deadline.left()) {
        child.wait(left);
      }
    }
  }
}
