package dev.caisson.web;

import dev.caisson.access.Opening;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.webmvc.actuate.endpoint.web.AbstractWebMvcEndpointHandlerMapping;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/**
 * The opening of the endpoint that load balancers ask; its details are for callers with the key.
 */
@Component
class OpenHealth implements Opening {
  private static final EndpointId HEALTH = EndpointId.of("health");

  private final PathMappedEndpoints endpoints;

  OpenHealth(PathMappedEndpoints endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public boolean opens(Object handler, String pattern) {
    String path = endpoints.getPath(HEALTH);
    // What Actuator makes of an endpoint's operation is a class within that of its mapping.
    return handler instanceof HandlerMethod method
        && method.getBeanType().getEnclosingClass() == AbstractWebMvcEndpointHandlerMapping.class
        && path != null
        && (pattern.equals(path) || pattern.startsWith(path + "/"));
  }
}
