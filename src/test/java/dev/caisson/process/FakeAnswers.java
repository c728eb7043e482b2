package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of a supervisor, some of them still to come; closed in the middle, the link is lost. */
final class FakeAnswers<A extends Answer> implements Answers<A> {
  private final Deque<Object> left = new ArrayDeque<>();
  private boolean over;
  private boolean closed;

  /** These, and nothing more; an exception among them is thrown. */
  FakeAnswers(List<?> answers) {
    left.addAll(answers);
    over = true;
  }

  /** None yet. */
  FakeAnswers() {}

  synchronized void add(Object answer) {
    left.add(answer);
    notifyAll();
  }

  synchronized void over() {
    over = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  @SuppressWarnings("unchecked")
  public synchronized @Nullable A next() {
    try {
      while (left.isEmpty() && !over && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
    if (closed) {
      throw new SupervisorException.Lost(SandboxId.random(), "closed", null);
    }
    Object next = left.poll();
    if (next instanceof RuntimeException failure) {
      throw failure;
    }
    return (A) next;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
