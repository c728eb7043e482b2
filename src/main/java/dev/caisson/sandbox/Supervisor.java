package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Request;

/** The supervisor of one sandbox, as the service talks to it; any number of threads may ask. */
public interface Supervisor extends AutoCloseable {

  /**
   * Asks, and waits for the answer.
   *
   * @throws SupervisorException.Refused if it said no
   * @throws SupervisorException.Lost if it could not be reached
   */
  <A extends Answer> A ask(Request<A> request);

  /**
   * Asks for a sequence of answers, which holds a connection of its own until it is closed.
   *
   * @throws SupervisorException.Refused if it said no
   * @throws SupervisorException.Lost if it could not be reached
   */
  <A extends Answer> Answers<A> open(Request.Stream<A> request);

  /** Closes the connections; the supervisor does not mind. */
  @Override
  void close();
}
