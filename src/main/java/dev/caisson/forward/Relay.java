package dev.caisson.forward;

import dev.caisson.sandbox.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's connection and a tunnel: bytes both ways, each way with an end of its own. */
final class Relay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);
  private static final int PIECE = 32 << 10;

  private final Socket client;
  private final Tunnel tunnel;
  private final AtomicBoolean broken = new AtomicBoolean();

  Relay(Socket client, Tunnel tunnel) {
    this.client = client;
    this.tunnel = tunnel;
  }

  /** Carries until both ways have ended, or one has failed. */
  void carry() throws InterruptedException {
    Thread up =
        Thread.ofVirtual()
            .name(Thread.currentThread().getName() + "-up")
            .start(() -> carry(this::up));
    carry(this::down);
    up.join();
    close();
  }

  private void up() throws IOException {
    copy(client.getInputStream(), tunnel.output());
    tunnel.endOutput();
  }

  private void down() throws IOException {
    copy(tunnel.input(), client.getOutputStream());
    client.shutdownOutput();
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
      to.write(piece, 0, count);
    }
  }

  /** A way of the connection, up or down. */
  private interface Way {
    void carry() throws IOException;
  }

  private void carry(Way way) {
    try {
      way.carry();
    } catch (IOException e) {
      // The other way is of no use either.
      log.debug("a forwarded connection broke", e);
      broken.set(true);
      close();
    }
  }

  /**
   * Closes both connections; after a failure resets the client's, which sets it apart from an end
   * in order.
   */
  @Override
  public void close() {
    tunnel.close();
    reset(client, broken.get());
  }

  /** Closes a client's connection, in order or by a reset. */
  static void reset(Socket client, boolean abruptly) {
    if (client.isClosed()) {
      return;
    }
    try {
      if (abruptly) {
        client.setSoLinger(true, 0);
      }
      client.close();
    } catch (IOException e) {
      log.debug("a client's connection could not be closed", e);
    }
  }
}
