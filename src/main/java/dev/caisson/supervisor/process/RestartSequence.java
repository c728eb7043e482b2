package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Deadline;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Attempt;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A start that was asked for and all that became of it: one attempt after the other, as its policy
 * wants them. Name and key belong to it, not to an attempt.
 */
public final class RestartSequence {
  private final ProcessNames names;
  private final @Nullable String name;
  private final Request.@Nullable Once once;
  private final Request.RestartPolicy policy;
  private final Backoff backoff = new Backoff();

  /** Null when no attempt can follow: then nothing keeps input and environment in memory. */
  private Request.@Nullable Start start;

  private @Nullable RunningProcess present;
  private volatile long presentPid;
  private int number;
  private @Nullable Deadline due;
  private boolean starting;
  private boolean stopped;

  RestartSequence(Request.Start start, ProcessNames names) {
    this.start = start;
    this.names = names;
    this.name = start.name();
    this.once = start.once();
    this.policy = start.restart() == null ? Request.RestartPolicy.NEVER : start.restart();
  }

  Request.@Nullable Once once() {
    return once;
  }

  boolean restarts() {
    return policy != Request.RestartPolicy.NEVER;
  }

  /** Returns the pid of the latest attempt. */
  long pid() {
    return presentPid;
  }

  /** Claims the name, which this sequence alone may have. */
  void claim() throws RefusedException {
    if (name != null) {
      names.take(name, this);
    }
  }

  /** Returns the request to start, or null when no more attempt is made. */
  synchronized Request.@Nullable Start start() {
    return start;
  }

  /** Returns the place of the attempt that is being started. */
  synchronized @Nullable Attempt place() {
    return restarts() ? new Attempt(policy, number + 1, presentPid, 0, 0, false) : null;
  }

  /** Notes that an attempt runs; its end cannot have been seen yet. */
  synchronized void began(RunningProcess live) {
    number++;
    present = live;
    if (!restarts()) {
      start = null;
    }
    presentPid = live.pid();
  }

  /** Decides what comes after an attempt that has ended, before its end is published. */
  synchronized void ended(RunningProcess live, ProcessInfo.Exit exit) {
    Attempt attempt = live.attempt();
    if (stopped || attempt == null || !Backoff.wanted(policy, exit)) {
      finish();
      return;
    }
    Duration pause = backoff.next(live.started().startedAt(), exit.at());
    if (pause == null) {
      live.attempt(with(attempt, 0, 0, true));
      finish();
    } else {
      due = Deadline.in(pause.toMillis());
      live.attempt(with(attempt, 0, exit.at() + Backoff.micros(pause), false));
    }
  }

  /** Waits until the next attempt is due; false if there is to be none. */
  synchronized boolean awaitDue() throws InterruptedException {
    Deadline until = due;
    while (until != null && !stopped && until.left() > 0) {
      wait(until.left());
    }
    due = null;
    starting = until != null && !stopped;
    return starting;
  }

  /**
   * Notes the result of the attempt that was due: another process, or null if it could not start.
   */
  synchronized void tried(RunningProcess last, @Nullable RunningProcess next) {
    starting = false;
    Attempt attempt = last.attempt();
    if (attempt != null) {
      long pid = next == null ? 0 : next.pid();
      last.attempt(with(attempt, pid, 0, next == null && !stopped));
    }
    if (next == null) {
      finish();
    }
    notifyAll();
  }

  /** Stops the sequence: no attempt follows from here on, one that was due is called off. */
  synchronized void stop() {
    stopped = true;
    if (due != null && present != null) {
      Attempt attempt = present.attempt();
      if (attempt != null) {
        present.attempt(with(attempt, 0, 0, false));
      }
      finish();
    }
    notifyAll();
  }

  /** Stops the sequence; returns the attempt that may still run, null if none does. */
  synchronized @Nullable public RunningProcess stopNow() throws InterruptedException {
    RunningProcess last = present;
    stop();
    while (starting) {
      wait();
    }
    return present == null ? last : present;
  }

  /** Ends the sequence, since there was no first attempt. */
  synchronized void abandon() {
    finish();
  }

  private void finish() {
    stopped = true;
    start = null;
    present = null;
    if (name != null) {
      names.free(name, this);
    }
  }

  private static Attempt with(Attempt attempt, long next, long nextAt, boolean exhausted) {
    return new Attempt(
        attempt.policy(), attempt.number(), attempt.previous(), next, nextAt, exhausted);
  }
}
