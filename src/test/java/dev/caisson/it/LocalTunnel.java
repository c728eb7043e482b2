package dev.caisson.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A port of this host whose every connection is a tunnel, for clients that know nothing of
 * WebSockets.
 */
public final class LocalTunnel implements AutoCloseable {
  private final ServerSocket listener;
  private final Callable<TunnelClient> tunnels;
  private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  public LocalTunnel(Callable<TunnelClient> tunnels) {
    this.tunnels = tunnels;
    try {
      listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("local-tunnel").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** What went wrong with any of them. */
  public Queue<Throwable> failures() {
    return failures;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        accepted.add(client);
        Thread.ofVirtual().name("local-tunnel-client").start(() -> carry(client));
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        failures.add(e);
      }
    }
  }

  private void carry(Socket client) {
    try (client;
        TunnelClient tunnel = tunnels.call()) {
      Thread up = Thread.ofVirtual().start(() -> up(client, tunnel));
      OutputStream out = client.getOutputStream();
      for (byte[] piece = tunnel.next(); piece.length > 0; piece = tunnel.next()) {
        out.write(piece);
      }
      client.shutdownOutput();
      up.join();
    } catch (Exception e) {
      failures.add(e);
    }
  }

  private void up(Socket client, TunnelClient tunnel) {
    try {
      InputStream in = client.getInputStream();
      byte[] piece = new byte[32 << 10];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        tunnel.send(java.util.Arrays.copyOf(piece, count));
      }
      tunnel.end();
    } catch (IOException e) {
      failures.add(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket client : accepted) {
      client.close();
    }
  }
}
