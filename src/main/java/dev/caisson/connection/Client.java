package dev.caisson.connection;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;

/** The client of a request that is being answered: whether it still waits for the answer. */
public final class Client {
  private final Request request;

  Client(Request request) {
    this.request = request;
  }

  /**
   * Tells whether the client of this request has closed its connection. Nobody else may read from
   * the request meanwhile, and its body must have been read to its end.
   */
  public static boolean isGone(HttpServletRequest request) {
    return request.getAttribute(Client.class.getName()) instanceof Client client && client.isGone();
  }

  /**
   * Tomcat tries to read, without waiting for it, and takes the end of the connection for one byte;
   * the first line of a next request that a client has sent already has more of them, and is kept.
   */
  private boolean isGone() {
    request.action(ActionCode.AVAILABLE, true);
    return request.getAvailable() == 1;
  }
}
