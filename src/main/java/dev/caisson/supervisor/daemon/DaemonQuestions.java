package dev.caisson.supervisor.daemon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The questions to dockerd: one at a time, each marked with the run that it belongs to. */
final class DaemonQuestions {

  private final DaemonStateMachine.Prober prober;
  private long run;
  private boolean asking;
  private @Nullable Instant next;

  DaemonQuestions(DaemonStateMachine.Prober prober) {
    this.prober = prober;
  }

  /** Begins a new run: answers to questions of the last one no longer count. */
  void beginRun() {
    run++;
    asking = false;
  }

  void ask(ProbeQuestion question) {
    asking = true;
    next = null;
    prober.ask(run, question);
  }

  /** Notes an answer, or its absence, and returns whether it belongs to the current run. */
  boolean settle(long answered) {
    if (answered != run) {
      return false;
    }
    asking = false;
    return true;
  }

  /** Sets the time of the next question. */
  void askAt(Instant time) {
    next = time;
  }

  /** Returns the time of the next question; null while an answer is awaited or none is planned. */
  @Nullable Instant due() {
    return asking ? null : next;
  }
}
