package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.Caller;
import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.TunnelHandshake;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.WebSocketEndpoint;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The endpoint of WebSockets that carry the bytes of connections to a daemon's socket: by them a
 * client far away has an address without a path, which builds with BuildKit need.
 */
@Tag(name = "Docker")
@RestController
class EngineTunnelController {
  private final Daemons daemons;
  private final Grants grants;
  private final TunnelHandshake handshake;

  EngineTunnelController(Daemons daemons, Grants grants, TunnelHandshake handshake) {
    this.daemons = daemons;
    this.grants = grants;
    this.handshake = handshake;
  }

  @Operation(
      operationId = "openDockerTunnel",
      summary = "Connect to the Docker daemon (WebSocket)",
      description =
          "Carries the bytes of one connection to the daemon's socket, as described in"
              + " openapi/tunnel.md. Needs the key, or the token of a grant for the sandbox's"
              + " Docker daemon. `caisson forward ID engine` makes the daemon available at a local"
              + " address.")
  @ApiResponse(responseCode = "101", description = "The connection is open", content = @Content)
  @Open(Open.To.DOCKER_GRANT)
  @WebSocketEndpoint
  @GetMapping("/v1/sandboxes/{id}/docker/tunnel")
  void open(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    SandboxId sandbox = sandbox(id);
    Grant grant = Caller.of(request).grant();
    if (grant != null && !grant.sandbox().equals(sandbox.value())) {
      throw new SandboxException.NotFound(sandbox.value());
    }
    handshake.open(
        () -> grant == null ? daemons.dial(sandbox) : grants.bind(daemons.dial(sandbox), grant),
        "docker",
        () -> daemons.touch(sandbox),
        request,
        response);
  }
}
