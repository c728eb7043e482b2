package dev.caisson.supervisor.child;

import dev.caisson.supervisor.journal.Journal;
import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Micros;
import dev.caisson.supervisor.system.SignalName;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A child that the supervisor has started, from its spawn until its last pipe, or its terminal, is
 * silent.
 */
public final class Child {
  /** A death within this time of our signal is put down to it. */
  private static final long SOON_MICROS = 10_000_000;

  private final long pid;
  private final ProcessTag mark;
  private final Journal journal;
  private final Clock clock;
  private final List<OutputPipe> outlets = new ArrayList<>(2);
  private final @Nullable Pty pty;
  private final @Nullable InputPipe input;
  private final OomCounter ooms;
  private final long oomsBefore;
  private final Map<Integer, Long> sent = new HashMap<>();
  private ProcessInfo.@Nullable Cause ending;
  private ProcessInfo.@Nullable Exit exit;

  /**
   * The tasks that wait for the end; several, where one start was asked for again under its key.
   */
  private final List<Runnable> whenEnded = new ArrayList<>(1);

  /** True once every listener has heard of the end. */
  private boolean told;

  private boolean reaped;
  private boolean silent;
  private long recordedSeq;

  /** The listener to the child's end: null until it is started; set before the end can be seen. */
  private @Nullable ChildListener listener;

  Child(
      Spawner.Spawned spawned,
      Launch launch,
      byte @Nullable [] firstInput,
      Journal journal,
      Pump pump,
      OomCounter ooms,
      Clock clock) {
    this.pid = spawned.pid();
    this.mark = spawned.mark();
    this.journal = journal;
    this.ooms = ooms;
    this.oomsBefore = ooms.read();
    this.clock = clock;
    Stdio stdio = spawned.stdio();
    this.pty = stdio.pty();
    boolean terminal = pty != null;
    outlets.add(
        new OutputPipe(
            pump,
            journal,
            StreamName.STDOUT,
            new OutputPipe.Ends(stdio.stdout(), stdio.childStdout(), terminal),
            this::quieter));
    if (stdio.stderr() >= 0) {
      outlets.add(
          new OutputPipe(
              pump,
              journal,
              StreamName.STDERR,
              new OutputPipe.Ends(stdio.stderr(), stdio.childStderr(), false),
              this::quieter));
    }
    this.input =
        stdio.input() < 0
            ? null
            : new InputPipe(pump, stdio.input(), firstInput, launch.inputStaysOpen(), terminal);
  }

  public long pid() {
    return pid;
  }

  public ProcessTag mark() {
    return mark;
  }

  public Journal journal() {
    return journal;
  }

  @Nullable
  public Pty pty() {
    return pty;
  }

  /** Returns the child's input, null where it reads nothing. */
  @Nullable
  public InputPipe input() {
    return input;
  }

  void begin(LibC libc) throws SystemException {
    for (OutputPipe outlet : outlets) {
      outlet.begin(libc);
    }
    if (input != null) {
      input.begin(libc);
    }
  }

  /** Sets the listener to the child's end. */
  void listener(ChildListener heard) {
    listener = heard;
  }

  /** Gives the pipes back, of a child that could not begin. */
  void abandon(LibC libc) {
    outlets.forEach(outlet -> outlet.close(libc));
    if (input != null) {
      input.close(libc);
    }
    if (pty != null) {
      pty.letGo(libc);
    }
  }

  public synchronized ProcessInfo.@Nullable Exit exit() {
    return exit;
  }

  /** Notes why the child is about to be ended; the first reason holds. */
  public synchronized void ending(ProcessInfo.Cause cause) {
    if (ending == null && !reaped) {
      ending = cause;
    }
  }

  /**
   * Signals the process, or all of its group; returns whether it was still there to be signalled.
   */
  public synchronized boolean signal(LibC libc, int signal, boolean group) {
    if (reaped) {
      return false;
    }
    sent.put(signal, Micros.now(clock));
    return libc.kill(group ? -pid : pid, signal);
  }

  /** Moves what the ended process has left in its pipes to the journal. */
  void drain(LibC libc, ByteBuffer buffer) {
    if (input != null) {
      input.end(libc);
    }
    if (pty != null) {
      pty.letGo(libc);
    }
    for (OutputPipe outlet : outlets) {
      outlet.drain(libc, buffer);
    }
  }

  /** Takes the zombie away; from here on the pid may be another's, and is not signalled. */
  synchronized void reap(LibC libc) throws SystemException {
    reaped = true;
    libc.reap(pid);
  }

  /** Records the end and reports it to everything that waits for it. */
  void end(LibC.WaitStatus status) {
    ProcessInfo.Exit how;
    synchronized (this) {
      String signal = status.signaled() ? SignalName.of(status.status()) : null;
      int code = status.signaled() ? 128 + status.status() : status.status();
      how = new ProcessInfo.Exit(code, signal, cause(status), Micros.now(clock));
    }
    ChildListener hearing = Objects.requireNonNull(listener);
    List<Runnable> first;
    try {
      hearing.record(how);
    } finally {
      synchronized (this) {
        exit = how;
        first = List.copyOf(whenEnded);
        whenEnded.clear();
        notifyAll();
      }
    }
    first.forEach(Child::run);
    hearing.ended(how);
    synchronized (this) {
      told = true;
    }
    quieter();
  }

  /** Runs a task that waits for the end; a failure of one does not reach the others. */
  private static void run(Runnable waiting) {
    try {
      waiting.run();
    } catch (RuntimeException | Error e) {
      Log.error("an end was not told", "error", e);
    }
  }

  /**
   * Runs a task when the child has ended, before its end is published: by the reaper, which must
   * not wait, or now, if it has.
   */
  public void whenEnded(Runnable told) {
    synchronized (this) {
      if (exit == null) {
        whenEnded.add(told);
        return;
      }
    }
    told.run();
  }

  private ProcessInfo.Cause cause(LibC.WaitStatus status) {
    if (ending != null) {
      return ending;
    }
    if (!status.signaled()) {
      return ProcessInfo.Cause.EXITED;
    }
    Long at = sent.get(status.status());
    if (at != null && Micros.now(clock) - at < SOON_MICROS) {
      return ProcessInfo.Cause.KILLED_BY_USER;
    }
    return status.status() == SignalName.KILL && ooms.claim(oomsBefore)
        ? ProcessInfo.Cause.OUT_OF_MEMORY
        : ProcessInfo.Cause.SIGNALED;
  }

  /** Notes that the record is about to be written, with what the journal has now. */
  public synchronized void recorded() {
    recordedSeq = journal.lastSeq();
  }

  public synchronized boolean wroteSinceRecord() {
    return journal.lastSeq() > recordedSeq;
  }

  private void quieter() {
    synchronized (this) {
      // Not before its end is told: who hears of its silence forgets it.
      if (silent || !told || outlets.stream().anyMatch(OutputPipe::isOpen)) {
        return;
      }
      silent = true;
    }
    Objects.requireNonNull(listener).silent();
  }

  /** Waits for the child's end, up to {@code millis}: returns the exit, or null. */
  public synchronized ProcessInfo.@Nullable Exit await(long millis) throws InterruptedException {
    Deadline deadline = Deadline.in(millis);
    for (long left = deadline.left(); exit == null && left > 0; left = deadline.left()) {
      wait(left);
    }
    return exit;
  }

  /** Waits for the child's end. */
  public synchronized ProcessInfo.Exit await() throws InterruptedException {
    while (exit == null) {
      wait();
    }
    return exit;
  }
}
