package dev.caisson.ports;

import dev.caisson.access.Caller;
import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.Proxy;
import dev.caisson.proxy.Terms;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.WebSocketEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The handler that passes requests on to ports. */
@Component
@Open(Open.To.GUEST)
@WebSocketEndpoint
class PortPassage implements HttpRequestHandler {
  private final Routes routes;
  private final Ports ports;
  private final Proxy proxy;
  private final Grants grants;
  private final HandlerExceptionResolver problems;
  private final Duration patience;

  PortPassage(
      Routes routes,
      Ports ports,
      Proxy proxy,
      Grants grants,
      PortsProperties properties,
      @Lazy @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.routes = routes;
    this.ports = ports;
    this.proxy = proxy;
    this.grants = grants;
    this.problems = problems;
    this.patience = properties.answerTimeout();
  }

  /**
   * Passes a request on, and has errors answered by the one place for problems, which Spring asks
   * only for the methods of controllers.
   */
  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
    try {
      pass(request, response);
    } catch (RuntimeException e) {
      if (problems.resolveException(request, response, null, e) == null) {
        // Without this the answer would be an empty 200.
        throw e;
      }
    }
  }

  private void pass(HttpServletRequest request, HttpServletResponse response) {
    Route route = Route.marked(request);
    if (route.way() == Route.Way.CLOSED_PATH) {
      String url = routes.urls(route.port(), Address.of(request)).best();
      throw new PortsException.ByPathOff(route.port(), url);
    }
    Tunnel tunnel = ports.dial(route.port());
    Grant grant = PortAdmission.grant(request);
    if (grant != null) {
      // Closed when the link is over, whatever passes through the tunnel then.
      tunnel = grants.bind(tunnel, grant);
    }
    proxy.pass(
        tunnel,
        PortRequest.of(route, request),
        new Terms(route.port().sandbox(), !Caller.of(request).hasKey(), patience),
        request,
        new PortResponse(response, route, Address.of(request)));
  }
}
