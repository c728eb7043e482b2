package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.Caller;
import dev.caisson.access.DockerNames;
import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.Forwarding;
import dev.caisson.proxy.KeptTunnels;
import dev.caisson.proxy.Proxy;
import dev.caisson.proxy.Terms;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Docker Engine API of a sandbox's own daemon, for any Docker client. */
@RestController
@Tag(name = "Docker")
@Open(Open.To.DOCKER_GRANT)
class EngineController {
  private static final String ENGINE = "/v1/sandboxes/{id}/docker/engine/**";

  /**
   * The headers that are not passed on: a sandbox must not see a key or a token of this service.
   */
  private static final Set<String> KEYS = Set.of("authorization");

  /**
   * The longest wait for an answer: longer than any call of the daemon's that begins its answer at
   * its end, such as a stop.
   */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Daemons daemons;
  private final Grants grants;
  private final DockerNames names;
  private final Proxy proxy;
  private final KeptTunnels tunnels;

  EngineController(
      Daemons daemons, Grants grants, DockerNames names, Proxy proxy, KeptTunnels tunnels) {
    this.daemons = daemons;
    this.grants = grants;
    this.names = names;
    this.proxy = proxy;
    this.tunnels = tunnels;
  }

  /** Passes on a GET, the one operation that the contract names; every method is passed on. */
  @GetMapping(ENGINE)
  @Operation(
      operationId = "dockerEngine",
      summary = "Use the Docker Engine API of the sandbox's own daemon, with any method and path",
      description =
          "For Docker clients, as DOCKER_HOST, including protocol upgrades. The answers are the"
              + " daemon's own. `GET …/docker/connect` returns the configuration of each client."
              + " Clients that cannot send a header use a token in the host name, if the service"
              + " has a domain, or in the path /v1/docker/{token}/**.")
  void get(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) {
    pass(sandbox(id), request, response);
  }

  @Hidden
  @RequestMapping(ENGINE)
  void any(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) {
    pass(sandbox(id), request, response);
  }

  private void pass(SandboxId sandbox, HttpServletRequest request, HttpServletResponse response) {
    Grant grant = Caller.of(request).grant();
    if (grant != null && !grant.sandbox().equals(sandbox.value())) {
      throw new SandboxException.NotFound(sandbox.value());
    }
    String target = EnginePath.target(request);
    boolean whole = names.names(request) && DockerNames.isNamedByItself(request);
    if (!whole && EnginePath.bringsBuilder(target)) {
      throw new DockerException.BuilderByPath(sandbox);
    }
    KeptTunnels.Lease tunnel = tunnels.take(sandbox, () -> daemons.dial(sandbox));
    proxy.pass(
        grant == null ? tunnel : grants.bind(tunnel, grant),
        tunnel::keep,
        new Forwarding(target, "docker", Map.of(), KEYS),
        new Terms(sandbox, false, PATIENCE),
        request,
        new DaemonResponse(response));
  }
}
