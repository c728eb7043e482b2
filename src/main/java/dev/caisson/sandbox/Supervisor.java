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
   * Sends a request, and waits for the answer.
   *
   * @throws SupervisorException.Refused if the supervisor said no
   * @throws SupervisorException.Lost if it could not be reached
   */
  <A extends Answer> A ask(Request<A> request);

  /**
   * Sends a request for a sequence of answers, which holds a connection of its own until it is
   * closed.
   *
   * @throws SupervisorException.Refused if the supervisor said no
   * @throws SupervisorException.Lost if it could not be reached
   */
  <A extends Answer> Answers<A> open(Request.Stream<A> request);

  /**
   * Sends a request and the content that it is about, and waits for the answer. Where this throws,
   * nothing of the content is in the sandbox.
   *
   * @param content read to its end, not closed
   * @throws SupervisorException.Refused if the supervisor said no, be it before the end of the
   *     content
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

  /** Closes the connections; the supervisor goes on without them. */
  @Override
  void close();
}
