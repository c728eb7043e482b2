package dev.caisson.supervisor.daemon;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The questions to the daemons, asked from a thread of its own, made once: when a process has used
 * up all pids of the sandbox, a new thread could not be had.
 */
final class DaemonProbes implements DaemonStateMachine.Prober {

  private final Probe probe;
  private final Answers answers;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile long current;

  DaemonProbes(Probe probe, Answers answers) {
    this.probe = probe;
    this.answers = answers;
    this.thread = Thread.ofPlatform().name("docker-probe").daemon().unstarted(this::run);
  }

  /** The listener to the answer to a question; empty is silence. */
  @FunctionalInterface
  interface Answers {
    void heard(long run, ProbeQuestion question, Optional<String> version);
  }

  private record Asked(long run, ProbeQuestion question) {}

  void start() {
    thread.start();
  }

  void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  @Override
  public void ask(long run, ProbeQuestion question) {
    current = run;
    asked.add(new Asked(run, question));
  }

  private void run() {
    try {
      while (true) {
        Asked next = asked.take();
        Optional<String> version = probe.ask(next.question, () -> current == next.run);
        answers.heard(next.run, next.question, version);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
