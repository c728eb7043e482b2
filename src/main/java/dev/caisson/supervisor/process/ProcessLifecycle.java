package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.Children;
import dev.caisson.supervisor.child.InputPipe;
import dev.caisson.supervisor.child.Launch;
import dev.caisson.supervisor.child.ProcessTag;
import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.journal.Records;
import dev.caisson.supervisor.peer.Watchers;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Micros;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Readiness;
import dev.caisson.supervisor.wire.ProcessInfoBuilder;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.IOException;
import java.time.Clock;

/** The processes of requests, from their start to their record. */
public final class ProcessLifecycle {
  private final Children children;
  private final Records records;
  private final ProcessRegistry registry;
  private final Watchers watchers;
  private final ExitListener exits;
  private final Clock clock;

  public ProcessLifecycle(
      Children children,
      Records records,
      ProcessRegistry registry,
      Watchers watchers,
      ExitListener exits,
      Clock clock) {
    this.children = children;
    this.exits = exits;
    this.records = records;
    this.registry = registry;
    this.watchers = watchers;
    this.clock = clock;
  }

  /** Takes over what an earlier supervisor of this sandbox has left on disk. */
  public void adopt() throws IOException {
    for (Records.Left left : records.left()) {
      ProcessInfo info = left.info();
      if (info.exit() == null) {
        ProcessInfo.Exit lost =
            new ProcessInfo.Exit(
                128 + SignalName.KILL, null, ProcessInfo.Cause.SUPERVISOR_LOST, Micros.now(clock));
        Journal journal = Journal.resumed(records.directory(info.pid()), 0, clock);
        records.write(
            lost(info)
                .exit(lost)
                .stdout(journal.volume(StreamName.STDOUT))
                .stderr(journal.volume(StreamName.STDERR))
                .build());
      }
      boolean logged = left.place() != Records.IN_DIRECTORY;
      registry.enter(info.pid(), logged ? 0 : records.size(info.pid()), left.place());
    }
  }

  /**
   * Returns the builder of a copy with what else was lost with the supervisor: open input and
   * pending readiness.
   */
  private ProcessInfoBuilder lost(ProcessInfo info) {
    ProcessInfo.Input input = info.input();
    Readiness readiness = info.readiness();
    boolean pending = readiness != null && readiness.state() == Readiness.State.PENDING;
    return info.toBuilder()
        .input(input == null ? null : new ProcessInfo.Input(input.bytes(), false))
        .readiness(
            pending
                ? new Readiness(
                    Readiness.State.FAILED, Micros.now(clock), "the supervisor was lost")
                : readiness);
  }

  /** Starts a process that has been checked. */
  RunningProcess start(Launch launch, Request.Start start, RestartSequence sequence)
      throws SystemException {
    return children.spawn(
        launch,
        ProcessTag.next(false),
        start.stdin(),
        pid -> new Journal(records.directory(pid), start.journalBytes(), clock),
        child -> born(child, launch, start, sequence));
  }

  private RunningProcess born(
      Child child, Launch launch, Request.Start start, RestartSequence sequence) {
    InputPipe input = child.input();
    ProcessInfo started =
        ProcessInfo.builder(child.pid(), start.command())
            .shell(start.shell())
            .cwd(launch.cwd())
            .user(start.user())
            .background(start.background())
            .startedAt(Micros.now(clock))
            .name(start.name())
            .terminal(start.terminal())
            .input(input == null || !launch.inputStaysOpen() ? null : input.info())
            .attempt(sequence.place())
            .readiness(
                start.readiness() == null
                    ? null
                    : new Readiness(Readiness.State.PENDING, 0, "it has just been started"))
            .build();
    RunningProcess live = new RunningProcess(child, started, sequence, this);
    sequence.began(live);
    registry.enter(live);
    Log.debug("process started", "pid", child.pid(), "cmd", start.command());
    watchers.publish(live.started());
    return live;
  }

  /** Writes the record of an ended process again, since what comes after it has become known. */
  public void rewrite(RunningProcess live) {
    try {
      if (live.ended()) {
        registry.rewrite(live);
      }
    } catch (IOException e) {
      Log.error("a record cannot be written", "pid", live.pid(), "error", e);
    }
  }

  /** Publishes the end of a process, unless it is forgotten. */
  void ended(RunningProcess live, ProcessInfo info, ProcessInfo.Exit exit) {
    if (registry.has(live)) {
      Log.debug("process ended", "pid", info.pid(), "code", exit.code(), "cause", exit.cause());
      watchers.publish(info);
      exits.ended(info.command(), exit);
    }
  }

  /** Leaves to the disk a process that has ended, and whose pipes no descendant holds. */
  void silent(RunningProcess live) {
    if (registry.has(live)) {
      if (live.child().wroteSinceRecord()) {
        // A descendant has.
        write(live.process());
        dropLogged(live);
      }
      registry.file(live);
    } else {
      dropLogged(live);
    }
  }

  private void dropLogged(RunningProcess live) {
    long place = live.place();
    if (place != Records.IN_DIRECTORY) {
      records.delete(live.pid(), place);
      live.inDirectory();
    }
  }

  void publish(ProcessInfo info) {
    watchers.publish(info);
  }

  long now() {
    return Micros.now(clock);
  }

  /** Writes a record to the directory of its process; returns its place. */
  long write(ProcessInfo info) {
    try {
      records.write(info);
    } catch (IOException e) {
      Log.error("a record cannot be written", "pid", info.pid(), "error", e);
    }
    return Records.IN_DIRECTORY;
  }

  /** Writes the record of a process that has left nothing on disk; returns its place. */
  long log(ProcessInfo info) {
    try {
      return records.log(info);
    } catch (IOException e) {
      Log.warn("a record goes to a directory of its own", "pid", info.pid(), "error", e);
      return write(info);
    }
  }
}
