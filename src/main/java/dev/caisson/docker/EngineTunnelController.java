package dev.caisson.docker;

import static dev.caisson.docker.DockerController.sandbox;

import dev.caisson.access.Caller;
import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.TunnelSocket;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.Streams;
import dev.caisson.streams.WebSocketEndpoint;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Opens WebSockets that carry the bytes of connections to a daemon's socket: by them a client far
 * away has an address without a path, which builds with BuildKit need.
 */
@Tag(name = "Docker")
@RestController
class EngineTunnelController {
  private final Daemons daemons;
  private final Streams streams;
  private final Grants grants;
  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();

  EngineTunnelController(Daemons daemons, Streams streams, Grants grants) {
    this.daemons = daemons;
    this.streams = streams;
    this.grants = grants;
    handshake.setSupportedProtocols(TunnelSocket.PROTOCOL);
  }

  @Operation(
      operationId = "openDockerTunnel",
      summary = "Connect to the Docker daemon (WebSocket)",
      description =
          "The bytes of one connection to the daemon's socket, as openapi/tunnel.md describes; with"
              + " the key, or the token of a grant of the sandbox's Docker. `caisson forward ID"
              + " engine` makes a local address of it.")
  @ApiResponse(responseCode = "101", description = "The connection is open.", content = @Content)
  @Open(Open.To.DOCKER_GRANT)
  @WebSocketEndpoint
  @GetMapping("/v1/sandboxes/{id}/docker/tunnel")
  void open(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new DockerException.NoWebSocket(sandbox(id));
    }
    SandboxId sandbox = sandbox(id);
    Grant grant = Caller.of(request).grant();
    if (grant != null && !grant.sandbox().equals(sandbox.value())) {
      throw new SandboxException.NotFound(sandbox.value());
    }
    Tunnel tunnel = daemons.dial(sandbox);
    if (grant != null) {
      tunnel = grants.bind(tunnel, grant);
    }
    TunnelSocket socket = new TunnelSocket(tunnel, "docker", streams, () -> daemons.touch(sandbox));
    boolean opened = false;
    try {
      new WebSocketHttpRequestHandler(socket, handshake).handleRequest(request, response);
      opened = response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS;
    } finally {
      if (!opened) {
        tunnel.close();
      }
    }
  }
}
