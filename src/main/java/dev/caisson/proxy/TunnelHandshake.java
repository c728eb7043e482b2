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

/** Opens WebSockets, each of which carries one connection into a sandbox (openapi/tunnel.md). */
@Component
public class TunnelHandshake {
  /** Offered by clients that send it, as a browser does that sends its key as another one. */
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
   * @param name of what is connected to, for who looks at logs and threads
   * @param used told from time to time that the sandbox is still used
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
