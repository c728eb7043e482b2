package dev.caisson.streams;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Tells whether a client that waits for an answer is still there, which servlets only find out by
 * writing to it.
 */
@Component
final class Clients implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
  private static final String PRESENCE = Clients.class.getName();

  /**
   * Tells whether the client has closed its connection; to be asked only after the body was read
   * and before anything is written, by one thread at a time.
   */
  static BooleanSupplier gone(HttpServletRequest request) {
    return request.getAttribute(PRESENCE) instanceof BooleanSupplier gone ? gone : Clients::present;
  }

  /** Where nobody can tell, it is taken to be there. */
  private static boolean present() {
    return false;
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addEngineValves(new Watcher());
  }

  /** Knows the connection that a request came by. */
  private static final class Watcher extends ValveBase {
    Watcher() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      org.apache.coyote.Request raw = request.getCoyoteRequest();
      BooleanSupplier gone = () -> isGone(raw);
      request.setAttribute(PRESENCE, gone);
      getNext().invoke(request, response);
    }

    /**
     * Reads what has come without waiting, as Tomcat does for its read listeners; the end of the
     * connection counts there as one byte, so that its reader comes upon it. No request begins with
     * a packet of one byte, and one that did would have an answer ended that it did not wait for.
     */
    private static boolean isGone(org.apache.coyote.Request raw) {
      raw.action(ActionCode.AVAILABLE, true);
      return raw.getAvailable() == 1;
    }
  }
}
