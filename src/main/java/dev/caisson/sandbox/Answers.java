package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Answer;
import org.jspecify.annotations.Nullable;

/** A sequence of answers, read by one thread; closing it from another ends the wait. */
public interface Answers<A extends Answer> extends AutoCloseable {

  /**
   * Waits for the next answer; null when the sequence has ended.
   *
   * @throws SupervisorException.Refused if the supervisor said no (on the first, at the latest)
   * @throws SupervisorException.Lost if the connection broke: what came is not all
   */
  @Nullable A next();

  @Override
  void close();
}
