package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.proxy.Forwarding;
import dev.caisson.proxy.Proxy;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Docker Engine API of a sandbox's own daemon, for any Docker client. */
@Hidden
@RestController
class EngineController {
  private static final String GRANT = "dev.caisson.access.Grant";

  /** A key or a token of this service is nothing that a sandbox may see. */
  private static final Set<String> KEYS = Set.of("authorization");

  private final Daemons daemons;
  private final Grants grants;
  private final Proxy proxy;

  EngineController(Daemons daemons, Grants grants, Proxy proxy) {
    this.daemons = daemons;
    this.grants = grants;
    this.proxy = proxy;
  }

  @RequestMapping("/v1/sandboxes/{id}/docker/engine/**")
  void pass(
      @PathVariable String id,
      @RequestAttribute(name = GRANT, required = false) @Nullable Grant grant,
      HttpServletRequest request,
      HttpServletResponse response) {
    pass(sandbox(id), grant, 6, request, response);
  }

  /** For clients that can send no header: the token says which sandbox. */
  @RequestMapping("/v1/docker/{token}/**")
  void byToken(
      @RequestAttribute(GRANT) Grant grant,
      HttpServletRequest request,
      HttpServletResponse response) {
    pass(sandbox(grant.sandbox()), grant, 4, request, response);
  }

  private void pass(
      SandboxId sandbox,
      @Nullable Grant grant,
      int slashes,
      HttpServletRequest request,
      HttpServletResponse response) {
    Tunnel tunnel = daemons.dial(sandbox);
    proxy.pass(
        grant == null ? tunnel : new GrantedTunnel(tunnel, grant, grants),
        new Forwarding(target(request, slashes), "docker", Map.of(), KEYS),
        request,
        response);
  }

  /** From the slash of this number on, as it was written: names and filters are encoded in it. */
  private static String target(HttpServletRequest request, int slashes) {
    String uri = request.getRequestURI();
    int start = -1;
    for (int i = 0; i < slashes; i++) {
      start = uri.indexOf('/', start + 1);
      if (start < 0) {
        start = uri.length();
        break;
      }
    }
    String path = uri.substring(start);
    String query = request.getQueryString();
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }
}
