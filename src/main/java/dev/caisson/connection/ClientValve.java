package dev.caisson.connection;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * The valve that puts beside each request what its client is asked by, and whether it came to the
 * port for clients with certificates; Tomcat's own request is seen here alone.
 */
final class ClientValve extends ValveBase {

  ClientValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    request.setAttribute(
        Client.class.getName(),
        new Client(request.getCoyoteRequest(), response.getCoyoteResponse()));
    if (request.getConnector() instanceof CertifiedConnector) {
      request.setAttribute(CertifiedPort.class.getName(), true);
    }
    getNext().invoke(request, response);
  }
}
