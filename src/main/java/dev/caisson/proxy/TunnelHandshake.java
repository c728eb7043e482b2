package dev.caisson.proxy;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.Streams;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * The handshake of WebSockets that carry one connection each into a sandbox (openapi/tunnel.md).
 */
@Component
public class TunnelHandshake {
  /** The subprotocol, offered by clients that send their key as another one, as a browser does. */
  private static final String PROTOCOL = "caisson.tunnel.v1";

  private final Streams streams;
  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();

  TunnelHandshake(Streams streams) {
    this.streams = streams;
    handshake.setSupportedProtocols(PROTOCOL);
  }

  /**
   * Connects and answers the handshake.
   *
   * @param dial the connection, which is closed with the WebSocket, or if none is opened
   * @param name of the target, for logs and threads
   * @param used run from time to time, as long as the sandbox is in use
   * @throws ProxyException.NoWebSocket if the request asks for something else
   */
  public void open(
      Supplier<Tunnel> dial,
      String name,
      Runnable used,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new ProxyException.NoWebSocket();
    }
    Tunnel tunnel = dial.get();
    TunnelSocket socket = new TunnelSocket(tunnel, name, streams, used);
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
