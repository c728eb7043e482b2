package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.InputStream;

/**
 * The supervisor of one sandbox, as the service talks to it; any number of threads may ask. Once it
 * has broken the rules of the wire, this and every later call, and every sequence that is open,
 * throws {@link SupervisorException.Untrusted}.
 */
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

  /**
   * Asks, sends the content that the request is about, and waits for the answer. Where this throws,
   * nothing of the content is in the sandbox.
   *
   * @param content read to its end, not closed
   * @throws SupervisorException.Refused if it said no, be it before the end of the content
   * @throws SupervisorException.Lost if it could not be reached
   * @throws IOException if the content could not be read
   */
  <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content) throws IOException;

  /**
   * Connects to something that listens in the sandbox.
   *
   * @throws SupervisorException.Refused if nothing does, with the system's word for it
   * @throws SupervisorException.Lost if the supervisor could not be reached
   */
  Tunnel dial(Request.Dial request);

  /** Closes the connections; the supervisor does not mind. */
  @Override
  void close();
}
