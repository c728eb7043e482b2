package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.system.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * One HTTP request on a unix socket, sent; its answer is read up to a deadline. HTTP/1.0, so that
 * the end of the connection is the end of the answer and nothing comes in chunks.
 */
final class ProbeCall implements AutoCloseable {

  /**
   * The longest answer that is read, in bytes; a stranger's may be longer, none that is asked for
   * here is.
   */
  private static final int LONGEST = 4 << 20;

  private final SocketChannel channel;

  private ProbeCall(SocketChannel channel) {
    this.channel = channel;
  }

  static ProbeCall send(Path socket, String method, String path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      // A unix socket connects at once or not at all; a request of this size fits its buffer.
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      String request = method + " " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return new ProbeCall(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Reads all of the answer, head and body. */
  byte[] answer(Clock clock, Instant deadline) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer piece = ByteBuffer.allocate(8192);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      while (true) {
        int count = channel.read(piece);
        if (count < 0) {
          return answer.toByteArray();
        }
        if (count == 0) {
          await(selector, clock, deadline);
          continue;
        }
        answer.write(piece.array(), 0, count);
        piece.clear();
        if (answer.size() > LONGEST) {
          throw new IOException("the answer is too long");
        }
      }
    }
  }

  private static void await(Selector selector, Clock clock, Instant deadline) throws IOException {
    long millis = Duration.between(clock.instant(), deadline).toMillis();
    // select(0) would wait for ever.
    if (millis <= 0 || Thread.currentThread().isInterrupted()) {
      throw new IOException("no answer in time");
    }
    selector.select(millis);
    selector.selectedKeys().clear();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone all the same.
      Log.debug("docker socket not closed", "error", e);
    }
  }
}
