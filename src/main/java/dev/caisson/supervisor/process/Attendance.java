package dev.caisson.supervisor.process;

import dev.caisson.supervisor.child.Child;
import dev.caisson.supervisor.child.Termination;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;

/**
 * What a process needs beside it: a record while it runs, an end when its time is over, a look
 * whether it is ready, and another attempt when it has ended.
 */
final class Attendance {
  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  private final Newborns newborns;
  private final Processes processes;
  private final Termination termination;
  private final Another another;

  /** Makes the next attempt of a chain. */
  interface Another {
    LiveSource attempt(Chain chain) throws RefusedException;
  }

  Attendance(Newborns newborns, Processes processes, Termination termination, Another another) {
    this.newborns = newborns;
    this.processes = processes;
    this.termination = termination;
    this.another = another;
  }

  void attend(LiveSource live, Request.Start start) {
    // The thread must not hold the request, with all of its input.
    long timeoutMillis = start.timeoutMillis();
    if (timeoutMillis > 0 || live.attempt() != null) {
      begin("attendant", live, () -> watch(live, timeoutMillis));
    }
    if (start.background()) {
      // Its start is answered next: what was acknowledged is there, whatever ends the sandbox then.
      live.recordStart();
    } else {
      newborns.add(live.child(), live::recordStart);
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

  private static void begin(String what, LiveSource live, Beside beside) {
    long pid = live.pid();
    Thread.ofVirtual()
        .name(what + "-" + pid)
        .start(() -> {
          try {
            beside.run();
          } catch (InterruptedException e) {
            Log.warn("an attendant was interrupted", "pid", pid, "what", what);
          } catch (RuntimeException | Error e) {
            Log.error("an attendant failed", "pid", pid, "what", what, "error", e);
          }
        });
  }

  private void watch(LiveSource live, long timeoutMillis) throws InterruptedException {
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

  private void again(LiveSource last) throws InterruptedException {
    Chain chain = last.chain();
    if (!chain.awaitDue()) {
      return;
    }
    LiveSource next = null;
    try {
      next = another.attempt(chain);
    } catch (RefusedException e) {
      Log.warn("not started again", "pid", last.pid(), "reason", e);
    } finally {
      chain.tried(last, next);
      processes.rewrite(last);
    }
  }
}
