package dev.caisson.ports;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.TunnelSocket;
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

/** Opens WebSockets that carry a port's bytes; what is wrong is a problem before one is opened. */
@Tag(name = "Ports")
@RestController
class TunnelController {
  private final Ports ports;
  private final Streams streams;
  private final Grants grants;
  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();

  TunnelController(Ports ports, Streams streams, Grants grants) {
    this.ports = ports;
    this.streams = streams;
    this.grants = grants;
    handshake.setSupportedProtocols(TunnelSocket.PROTOCOL);
  }

  @Operation(
      operationId = "openTunnel",
      summary = "Connect to a port (WebSocket)",
      description =
          "The bytes of one TCP connection to the port, for what is not HTTP, as openapi/tunnel.md"
              + " describes. Any number at once, each a connection of its own.")
  @ApiResponse(responseCode = "101", description = "The connection is open.", content = @Content)
  @Open(Open.To.GUEST)
  @WebSocketEndpoint
  @GetMapping("/v1/sandboxes/{id}/tunnels/{port}")
  void open(
      @PathVariable String id,
      @PathVariable int port,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new PortsException.Invalid(HttpHeaders.UPGRADE, "must be websocket");
    }
    Port target = PortsController.port(id, port);
    Tunnel tunnel = ports.dial(target);
    Grant grant = PortAdmission.grant(request);
    if (grant != null) {
      tunnel = grants.bind(tunnel, grant);
    }
    TunnelSocket socket =
        new TunnelSocket(
            tunnel, Integer.toString(target.number()), streams, () -> ports.touch(target));
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
