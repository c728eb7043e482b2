package dev.caisson.it.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A way to a port of this machine that can be cut: connections stay open then and nothing comes
 * through, as when a cable is pulled or a firewall swallows packets.
 */
final class CutCable implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch whole = new CountDownLatch(0);

  CutCable(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("cable").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void cut() {
    whole = new CountDownLatch(1);
  }

  /** What was under way is lost with its connection, whose ends time out or are reset. */
  void mend() {
    CountDownLatch before = whole;
    open.forEach(CutCable::end);
    open.clear();
    whole = new CountDownLatch(0);
    before.countDown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        open.add(near);
        whole.await();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(far);
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
      } catch (IOException e) {
        // The server's end, or a target that is not there: the next may be.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] piece = new byte[8192];
    try {
      for (int n = from.getInputStream().read(piece);
          n >= 0;
          n = from.getInputStream().read(piece)) {
        whole.await();
        to.getOutputStream().write(piece, 0, n);
      }
    } catch (IOException e) {
      // Either end is over, and so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    mend();
  }
}
