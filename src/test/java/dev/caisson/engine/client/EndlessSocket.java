package dev.caisson.engine.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** An engine that begins each answer and repeats the rest of it until its client goes away. */
final class EndlessSocket implements AutoCloseable {
  private final ServerSocketChannel server;
  private final AtomicLong sent = new AtomicLong();
  private final Thread thread;

  EndlessSocket(Path path, String beginning, String repeated) throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    byte[] begin = beginning.getBytes(StandardCharsets.US_ASCII);
    byte[] more = repeated.repeat(1000).getBytes(StandardCharsets.US_ASCII);
    thread = Thread.ofVirtual().name("endless-socket").start(() -> serve(begin, more));
  }

  /** How many bytes went out, buffers of the socket included, once all clients have gone. */
  long sent() throws Exception {
    server.close();
    if (!thread.join(Duration.ofSeconds(10))) {
      throw new TimeoutException("a client still reads, after " + sent);
    }
    return sent.get();
  }

  private void serve(byte[] begin, byte[] more) {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        client.read(ByteBuffer.allocate(4096));
        client.write(ByteBuffer.wrap(begin));
        while (true) {
          sent.addAndGet(client.write(ByteBuffer.wrap(more)));
        }
      } catch (IOException e) {
        // This client has gone, or the test is over.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
