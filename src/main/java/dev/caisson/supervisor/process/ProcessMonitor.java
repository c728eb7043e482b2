package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.Termination;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;

/**
 * The work beside a process: a record while it runs, an end when its time is over, a look whether
 * it is ready, and another attempt when it has ended.
 */
final class ProcessMonitor {
  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  private final DeferredStartRecords deferredRecords;
  private final ProcessLifecycle processes;
  private final Termination termination;
  private final Another another;

  /** The source of the next attempt of a sequence. */
  interface Another {
    RunningProcess attempt(RestartSequence sequence) throws RefusedException;
  }

  ProcessMonitor(
      DeferredStartRecords deferredRecords,
      ProcessLifecycle processes,
      Termination termination,
      Another another) {
    this.deferredRecords = deferredRecords;
    this.processes = processes;
    this.termination = termination;
    this.another = another;
  }

  void watch(RunningProcess live, Request.Start start) {
    // The thread must not hold the request, with all of its input.
    long timeoutMillis = start.timeoutMillis();
    if (timeoutMillis > 0 || live.attempt() != null) {
      begin("monitor", live, () -> watchEnd(live, timeoutMillis));
    }
    if (start.background()) {
      // Its start is answered next: what was acknowledged is there, whatever ends the sandbox then.
      live.recordStart();
    } else {
      deferredRecords.add(live.child(), live::recordStart);
    }
    Request.Readiness wanted = start.readiness();
    if (wanted != null) {
      begin("readiness", live, () -> new ReadinessProbe(live, wanted).run());
    }
  }

  /** Work beside a process, which waits. */
  private interface Beside {
    void run() throws InterruptedException;
  }

  private static void begin(String what, RunningProcess live, Beside beside) {
    long pid = live.pid();
    Thread.ofVirtual()
        .name(what + "-" + pid)
        .start(() -> {
          try {
            beside.run();
          } catch (InterruptedException e) {
            Log.warn("the watch over a process was interrupted", "pid", pid, "what", what);
          } catch (RuntimeException | Error e) {
            Log.error("the watch over a process failed", "pid", pid, "what", what, "error", e);
          }
        });
  }

  private void watchEnd(RunningProcess live, long timeoutMillis) throws InterruptedException {
    Child child = live.child();
    if (timeoutMillis > 0 && child.await(timeoutMillis) == null) {
      Log.info("process timed out", "pid", child.pid(), "after_ms", timeoutMillis);
      termination.end(child, ProcessInfo.Cause.TIMEOUT, TIMEOUT_GRACE, true);
    }
    if (live.attempt() != null) {
      child.await();
      again(live);
    }
  }

  private void again(RunningProcess last) throws InterruptedException {
    RestartSequence sequence = last.sequence();
    if (!sequence.awaitDue()) {
      return;
    }
    RunningProcess next = null;
    try {
      next = another.attempt(sequence);
    } catch (RefusedException e) {
      Log.warn("not started again", "pid", last.pid(), "reason", e);
    } finally {
      sequence.tried(last, next);
      processes.rewrite(last);
    }
  }
}
