package dev.caisson.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections whose requests never end, from another address than that of everybody else. */
public final class SlowClients implements AutoCloseable {
  private static final byte[] HALF_A_HEAD =
      "GET /v1/sandboxes HTTP/1.1\r\nHost: slow\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII);

  private final List<Socket> sockets = new ArrayList<>();

  /** Opens so many, as far as they are let in. */
  public SlowClients(int port, int count) {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket();
      try {
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        socket.getOutputStream().write(HALF_A_HEAD);
        sockets.add(socket);
      } catch (IOException e) {
        // Refused, or cut off: the service's right.
        close(socket);
      }
    }
  }

  public int count() {
    return sockets.size();
  }

  /** One byte more from each that is still there. */
  public void drip() {
    for (Socket socket : sockets) {
      try {
        socket.getOutputStream().write('x');
      } catch (IOException e) {
        // Cut off meanwhile.
      }
    }
  }

  @Override
  public void close() {
    sockets.forEach(SlowClients::close);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was cut off.
    }
  }
}
