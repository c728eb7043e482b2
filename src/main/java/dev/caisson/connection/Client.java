package dev.caisson.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.coyote.Response;

/** The client of a request that is being answered: whether it still waits for the answer. */
public final class Client {
  private final Request request;
  private final Response response;

  Client(Request request, Response response) {
    this.request = request;
    this.response = response;
  }

  /**
   * Says the type of what follows a switch of protocols, which Tomcat leaves out of an answer that
   * has no content.
   */
  public static void typeOfSwitch(HttpServletRequest request, String type) {
    if (request.getAttribute(Client.class.getName()) instanceof Client client) {
      client.response.getMimeHeaders().setValue("Content-Type").setString(type);
    }
  }

  /**
   * Tells whether the client of this request has closed its connection; where that cannot be told,
   * it has not. Nothing else may read from the request meanwhile, and its body must have been read
   * to its end.
   */
  public static boolean isGone(HttpServletRequest request) {
    return gone(request).getAsBoolean();
  }

  /** Returns a supplier that tells the same as often as it is asked, also from another thread. */
  public static BooleanSupplier gone(HttpServletRequest request) {
    return request.getAttribute(Client.class.getName()) instanceof Client client
        ? client::isGone
        : () -> false;
  }

  /**
   * Tells whether the connection has ended: Tomcat tries to read, without waiting for it, and takes
   * the end of the connection for one byte; the first line of a next request that a client has sent
   * already has more of them, and is kept.
   */
  private boolean isGone() {
    request.action(ActionCode.AVAILABLE, true);
    return request.getAvailable() == 1;
  }
}
