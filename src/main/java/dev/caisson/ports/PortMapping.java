package dev.caisson.ports;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The mapping before every other one: under the host name of a port no path is the service's, and
 * below the path of a port every method is the port's (CORS preflights, too, which Spring would
 * answer itself).
 */
@Component
class PortMapping implements HandlerMapping, Ordered {
  private static final String PATTERN = "/v1/sandboxes/{id}/ports/{port}/**";

  private final Routes routes;
  private final PortPassage passage;

  PortMapping(Routes routes, PortPassage passage) {
    this.routes = routes;
    this.passage = passage;
  }

  @Override
  public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
    Route route = routes.of(request);
    if (route == null || route.way() == Route.Way.TUNNEL) {
      return null;
    }
    // For the meters: one name, and not one for each path.
    request.setAttribute(BEST_MATCHING_PATTERN_ATTRIBUTE, PATTERN);
    return new HandlerExecutionChain(passage);
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }
}
