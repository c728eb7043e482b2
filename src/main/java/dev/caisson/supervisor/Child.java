package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A child that the supervisor has started, from its spawn until its last pipe is silent. */
final class Child {
  /** A death within this time of our signal is put down to it. */
  private static final long SOON_MICROS = 10_000_000;

  private final long pid;
  private final Journal journal;
  private final Clock clock;
  private final Outlet stdout;
  private final Outlet stderr;
  private final @Nullable Feed feed;
  private final Fate fate;
  private final OomCounter ooms;
  private final long oomsBefore;
  private final Map<Integer, Long> sent = new HashMap<>();
  private ProcessInfo.@Nullable Cause ending;
  private ProcessInfo.@Nullable Exit exit;
  private boolean reaped;
  private boolean silent;
  private long recordedSeq;

  /** Who has to know of a child's end; called by the reaper or the pump, which must not wait. */
  interface Fate {

    /**
     * It has ended and its output until then is in the journal; nobody knows until this is over.
     */
    void record(Child child, ProcessInfo.Exit exit);

    /** It has ended, and whoever waited for it is told. */
    void ended(Child child, ProcessInfo.Exit exit);

    /** It has ended, and nobody holds its pipes any more. */
    void silent(Child child);
  }

  Child(
      Spawner.Spawned spawned,
      Journal journal,
      byte @Nullable [] input,
      Fate fate,
      Pump pump,
      OomCounter ooms,
      Clock clock) {
    this.pid = spawned.pid();
    this.journal = journal;
    this.fate = fate;
    this.ooms = ooms;
    this.oomsBefore = ooms.read();
    this.clock = clock;
    this.stdout = new Outlet(pump, journal, StreamName.STDOUT, spawned.stdout(), this::quieter);
    this.stderr = new Outlet(pump, journal, StreamName.STDERR, spawned.stderr(), this::quieter);
    this.feed = input == null ? null : new Feed(pump, spawned.input(), input);
  }

  long pid() {
    return pid;
  }

  Journal journal() {
    return journal;
  }

  void begin(LibC libc) throws SystemException {
    stdout.begin(libc);
    stderr.begin(libc);
    if (feed != null) {
      feed.begin(libc);
    }
  }

  /** Gives the pipes back, of a child that could not begin. */
  void abandon(LibC libc) {
    stdout.close(libc);
    stderr.close(libc);
    if (feed != null) {
      feed.close(libc);
    }
  }

  synchronized ProcessInfo.@Nullable Exit exit() {
    return exit;
  }

  /** Says why it is about to be ended; the first reason holds. */
  synchronized void ending(ProcessInfo.Cause cause) {
    if (ending == null && !reaped) {
      ending = cause;
    }
  }

  /** Signals the process, or all of its group; whether it was still there to be signalled. */
  synchronized boolean signal(LibC libc, int signal, boolean group) {
    if (reaped) {
      return false;
    }
    sent.put(signal, Micros.now(clock));
    return libc.kill(group ? -pid : pid, signal);
  }

  /** Moves what the ended process has left in its pipes to the journal. */
  void drain(LibC libc, ByteBuffer buffer) {
    stdout.drain(libc, buffer);
    stderr.drain(libc, buffer);
  }

  /** Takes the zombie away; from here on the pid may be another's, and is not signalled. */
  synchronized void reap(LibC libc) throws SystemException {
    reaped = true;
    libc.reap(pid);
  }

  /** Tells everybody. */
  void end(LibC.WaitStatus status) {
    ProcessInfo.Exit how;
    synchronized (this) {
      String signal = status.signaled() ? SignalName.of(status.status()) : null;
      int code = status.signaled() ? 128 + status.status() : status.status();
      how = new ProcessInfo.Exit(code, signal, cause(status), Micros.now(clock));
    }
    try {
      fate.record(this, how);
    } finally {
      synchronized (this) {
        exit = how;
        notifyAll();
      }
    }
    fate.ended(this, how);
    quieter();
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

  /** Its record is about to be written, with what the journal has now. */
  synchronized void recorded() {
    recordedSeq = journal.lastSeq();
  }

  synchronized boolean wroteSinceRecord() {
    return journal.lastSeq() > recordedSeq;
  }

  private void quieter() {
    synchronized (this) {
      if (silent || exit == null || stdout.isOpen() || stderr.isOpen()) {
        return;
      }
      silent = true;
    }
    fate.silent(this);
  }

  /** Waits for its end, or until the time is over: the exit, or null. */
  synchronized ProcessInfo.@Nullable Exit await(long millis) throws InterruptedException {
    Deadline deadline = Deadline.in(millis);
    for (long left = deadline.left(); exit == null && left > 0; left = deadline.left()) {
      wait(left);
    }
    return exit;
  }

  /** Waits for its end. */
  synchronized ProcessInfo.Exit await() throws InterruptedException {
    while (exit == null) {
      wait();
    }
    return exit;
  }
}
