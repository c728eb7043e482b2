package dev.caisson.ports;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.proxy.Proxy;
import dev.caisson.sandbox.Tunnel;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Passes requests on to ports. */
@Component
class PortPassage implements HttpRequestHandler {
  private final Ports ports;
  private final Proxy proxy;
  private final Grants grants;
  private final HandlerExceptionResolver problems;

  PortPassage(
      Ports ports,
      Proxy proxy,
      Grants grants,
      @Lazy @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.ports = ports;
    this.proxy = proxy;
    this.grants = grants;
    this.problems = problems;
  }

  /** Spring asks the one place for problems only for the methods of controllers; so it is asked. */
  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
    try {
      pass(request, response);
    } catch (RuntimeException e) {
      problems.resolveException(request, response, null, e);
    }
  }

  private void pass(HttpServletRequest request, HttpServletResponse response) {
    Route route = Route.marked(request);
    Tunnel tunnel = ports.dial(route.port());
    Grant grant = PortAdmission.grant(request);
    if (grant != null) {
      // Closed when the link is over, whatever is passing through it then.
      tunnel = grants.bind(tunnel, grant);
    }
    proxy.pass(
        tunnel,
        PortRequest.of(route, request),
        request,
        new PortResponse(response, route, Address.of(request)));
  }
}
