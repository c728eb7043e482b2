package dev.caisson.link;

import dev.caisson.supervisor.wire.Forge;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A real supervisor that is older by one kind of request: on the way to it that kind has a number
 * which it does not know.
 */
final class ForgetfulSupervisor implements AutoCloseable {
  private static final byte UNKNOWN = (byte) 250;

  private final Path real;
  private final Path socket;
  private final ServerSocketChannel server;
  private volatile @Nullable Class<?> forgotten;

  /** Before the socket of a real one; listens in that directory. */
  ForgetfulSupervisor(Path real, Path directory) throws IOException {
    this.real = real;
    this.socket = directory.resolve("forgetful.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  Path socket() {
    return socket;
  }

  /** From the next request on it does not know this; null for all that a real one knows. */
  void forgets(@Nullable Class<?> request) {
    forgotten = request;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel service = server.accept();
        SocketChannel supervisor = SocketChannel.open(UnixDomainSocketAddress.of(real));
        Thread.ofVirtual()
            .start(() -> carry(service, supervisor, () -> requests(service, supervisor)));
        Thread.ofVirtual()
            .start(() -> carry(service, supervisor, () -> answers(supervisor, service)));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private interface Way {
    void run() throws IOException;
  }

  private static void carry(SocketChannel service, SocketChannel supervisor, Way way) {
    try (service;
        supervisor) {
      way.run();
    } catch (IOException e) {
      // One of the two has gone.
    }
  }

  private void requests(SocketChannel from, SocketChannel to) throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(from));
    while (true) {
      int length = in.readInt();
      byte[] body = in.readNBytes(length);
      Class<?> unknown = forgotten;
      if (unknown != null && body[0] == (byte) Forge.kind(unknown)) {
        body[0] = UNKNOWN;
      }
      ByteBuffer frame =
          ByteBuffer.allocate(Integer.BYTES + length).putInt(length).put(body).flip();
      while (frame.hasRemaining()) {
        to.write(frame);
      }
    }
  }

  private static void answers(SocketChannel from, SocketChannel to) throws IOException {
    try (InputStream in = Channels.newInputStream(from);
        OutputStream out = Channels.newOutputStream(to)) {
      in.transferTo(out);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
