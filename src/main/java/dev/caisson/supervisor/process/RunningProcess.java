package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.ChildListener;
import dev.caisson.supervisor.child.InputPipe;
import dev.caisson.supervisor.child.Pty;
import dev.caisson.supervisor.journal.Records;
import dev.caisson.supervisor.journal.Source;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Readiness;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process in the supervisor's memory: it runs, or a descendant still holds its pipes. What is
 * known of it is kept here, behind its own lock; no other is taken inside but those of its parts.
 */
public final class RunningProcess implements Source, ChildListener {
  private final Child child;
  private final ProcessInfo started;
  private final RestartSequence sequence;
  private final ProcessLifecycle processes;
  private ProcessInfo.@Nullable Attempt attempt;
  private @Nullable Readiness readiness;

  /** True once there is a record in a directory of its own. */
  private boolean written;

  /** The place of the record of its end. */
  private long place = Records.IN_DIRECTORY;

  /** True from the moment the end is being recorded, before it is published. */
  private boolean ending;

  /**
   * @param started what was known of it at its start
   */
  RunningProcess(
      Child child, ProcessInfo started, RestartSequence sequence, ProcessLifecycle processes) {
    this.child = child;
    this.started = started;
    this.sequence = sequence;
    this.processes = processes;
    this.attempt = started.attempt();
    this.readiness = started.readiness();
  }

  public Child child() {
    return child;
  }

  public long pid() {
    return child.pid();
  }

  ProcessInfo started() {
    return started;
  }

  RestartSequence sequence() {
    return sequence;
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

  /** Returns what is known of the process now, with this exit. */
  private synchronized ProcessInfo with(ProcessInfo.@Nullable Exit exit) {
    Pty pty = child.pty();
    InputPipe input = child.input();
    return started.toBuilder()
        .exit(exit)
        .stdout(child.journal().volume(StreamName.STDOUT))
        .stderr(child.journal().volume(StreamName.STDERR))
        .terminal(pty == null ? null : pty.size())
        .input(input == null || started.input() == null ? null : input.info())
        .attempt(attempt)
        .readiness(readiness)
        .build();
  }

  synchronized ProcessInfo.@Nullable Attempt attempt() {
    return attempt;
  }

  synchronized void attempt(ProcessInfo.Attempt changed) {
    attempt = changed;
  }

  /**
   * Writes the record of the start, for readers of a lost sandbox's disk; never over that of the
   * end.
   */
  synchronized void recordStart() {
    if (!ending) {
      written = true;
      processes.write(with(null));
    }
  }

  /** Notes why the process is not ready yet. */
  synchronized void pending(String reason) {
    if (isPending()) {
      readiness = new Readiness(Readiness.State.PENDING, 0, reason);
    }
  }

  /** Decides whether the process is ready, unless that is decided; its end decides it, too. */
  synchronized void decide(Readiness.State state, @Nullable String reason) {
    if (isPending()) {
      readiness = new Readiness(state, processes.now(), reason);
      notifyAll();
      written = true;
      processes.write(with(null));
      processes.publish(with(null));
    }
  }

  @Override
  public void record(ProcessInfo.Exit exit) {
    sequence.ended(this, exit);
    synchronized (this) {
      ending = true;
      if (isPending()) {
        readiness =
            new Readiness(
                Readiness.State.FAILED, exit.at(), "it ended with exit code " + exit.code());
        notifyAll();
      }
      child.recorded();
      // Most write nothing, and are over before their start is recorded.
      place =
          written || !child.journal().isUntouched()
              ? processes.write(with(exit))
              : processes.log(with(exit));
    }
  }

  /** Returns the place of the record of its end. */
  synchronized long place() {
    return place;
  }

  /** Notes that the record is in a directory of its own. */
  synchronized void inDirectory() {
    place = Records.IN_DIRECTORY;
  }

  @Override
  public void ended(ProcessInfo.Exit exit) {
    child.journal().finish();
    processes.ended(this, with(exit), exit);
  }

  @Override
  public void silent() {
    child.journal().close();
    processes.silent(this);
  }

  private boolean isPending() {
    return readiness != null && readiness.state() == Readiness.State.PENDING;
  }

  /** Waits until the process is ready or cannot become so any more, up to {@code millis}. */
  public void awaitReady(long millis) throws InterruptedException {
    Deadline deadline = Deadline.in(millis);
    synchronized (this) {
      for (long left = deadline.left(); isPending() && left > 0; left = deadline.left()) {
        wait(left);
      }
      if (!ending) {
        return;
      }
    }
    // Who is told that it will not become ready sees that it has ended.
    child.await(deadline.left());
  }
}
