package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.proxy.Forwarding;
import dev.caisson.proxy.Proxy;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Docker Engine API of a sandbox's own daemon, for any Docker client. */
@RestController
@Tag(name = "Docker")
class EngineController {
  private static final String PREFIX = "/docker/engine";
  private static final String ENGINE = "/v1/sandboxes/{id}/docker/engine/**";
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

  /** The one operation that the contract names; every method is passed on. */
  @GetMapping(ENGINE)
  @Operation(
      operationId = "dockerEngine",
      summary = "The Docker Engine API of the sandbox's own daemon: any method, any path behind it",
      description =
          "For Docker clients, as DOCKER_HOST; switches of protocol included. Answers are the"
              + " daemon's own. `GET …/docker/connect` says how each client is told; clients that"
              + " can send no header have a token in the path /v1/docker/{token}/**.")
  void get(
      @PathVariable String id,
      @Parameter(hidden = true) @RequestAttribute(name = GRANT, required = false)
          @Nullable Grant grant,
      HttpServletRequest request,
      HttpServletResponse response) {
    pass(sandbox(id), grant, request, response);
  }

  @Hidden
  @RequestMapping(ENGINE)
  void pass(
      @PathVariable String id,
      @RequestAttribute(name = GRANT, required = false) @Nullable Grant grant,
      HttpServletRequest request,
      HttpServletResponse response) {
    pass(sandbox(id), grant, request, response);
  }

  private void pass(
      SandboxId sandbox,
      @Nullable Grant grant,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (grant != null && !grant.sandbox().equals(sandbox.value())) {
      throw new SandboxException.NotFound(sandbox.value());
    }
    Tunnel tunnel = daemons.dial(sandbox);
    proxy.pass(
        grant == null ? tunnel : grants.bind(tunnel, grant),
        new Forwarding(target(request), "docker", Map.of(), KEYS),
        request,
        response);
  }

  /** As it was written: names and filters are encoded in it as their client knows it. */
  private static String target(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String path = uri.substring(uri.indexOf(PREFIX) + PREFIX.length());
    String query = request.getQueryString();
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }
}
