package dev.caisson.ports;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.Open;
import dev.caisson.proxy.TunnelHandshake;
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
 * The endpoint of WebSockets that carry a port's bytes; an error before the opening is answered
 * with a problem document.
 */
@Tag(name = "Ports")
@RestController
class TunnelController {
  private final Ports ports;
  private final Grants grants;
  private final TunnelHandshake handshake;

  TunnelController(Ports ports, Grants grants, TunnelHandshake handshake) {
    this.ports = ports;
    this.grants = grants;
    this.handshake = handshake;
  }

  @Operation(
      operationId = "openTunnel",
      summary = "Connect to a port (WebSocket)",
      description =
          "Carries the bytes of one TCP connection to the port, for protocols other than HTTP, as"
              + " described in openapi/tunnel.md. Any number of tunnels can be open at once, each"
              + " with a connection of its own.")
  @ApiResponse(responseCode = "101", description = "The connection is open", content = @Content)
  @Open(Open.To.GUEST)
  @WebSocketEndpoint
  @GetMapping("/v1/sandboxes/{id}/tunnels/{port}")
  void open(
      @PathVariable String id,
      @PathVariable int port,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    Port target = PortsController.port(id, port);
    Grant grant = PortAdmission.grant(request);
    handshake.open(
        () -> grant == null ? ports.dial(target) : grants.bind(ports.dial(target), grant),
        Integer.toString(target.number()),
        () -> ports.touch(target),
        request,
        response);
  }
}
