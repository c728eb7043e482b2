package dev.caisson.engine.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An engine that takes connections and requests, and never says a word. */
final class MuteSocket implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel server;
  private final Semaphore accepted = new Semaphore(0);
  private final Semaphore closed = new Semaphore(0);

  MuteSocket(Path path) throws IOException {
    this.path = path;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Thread.ofVirtual().name("mute-socket").start(this::accept);
  }

  Path path() {
    return path;
  }

  boolean awaitAccepted(int count) throws InterruptedException {
    return accepted.tryAcquire(count, 5, TimeUnit.SECONDS);
  }

  /** Whether so many clients have gone away. */
  boolean awaitClosed(int count) throws InterruptedException {
    return closed.tryAcquire(count, 5, TimeUnit.SECONDS);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        accepted.release();
        Thread.ofVirtual().name("mute-client").start(() -> swallow(client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void swallow(SocketChannel client) {
    try (client) {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (client.read(buffer.clear()) >= 0) {
        // Not a word.
      }
    } catch (IOException e) {
      // A client that went away in the middle went away too.
    }
    closed.release();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
