package dev.caisson.streams;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * The cut of the connection under an answer that has begun and cannot be finished. Ended in the
 * usual way it would look whole to the client; a thrown exception would have an error page appended
 * to it.
 */
@Component
public final class CutOff
    implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
  private static final String MARK = CutOff.class.getName();

  /** Marks the answer to this request as one that is not whole. */
  public static void mark(HttpServletRequest request) {
    request.setAttribute(MARK, true);
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addEngineValves(new Cutter());
  }

  /** The valve that acts last, after the whole application. */
  private static final class Cutter extends ValveBase {
    Cutter() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      getNext().invoke(request, response);
      if (request.getAttribute(MARK) != null) {
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
      }
    }
  }
}
