package dev.caisson.link;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What root in a sandbox could put in the place of a supervisor: it greets, and then says whatever
 * the test wants it to.
 */
public final class LyingSupervisor implements AutoCloseable {
  private final SandboxId sandbox;
  private final Path socket;
  private final ServerSocketChannel server;
  private final boolean provable;
  private final AtomicReference<Lie> lie = new AtomicReference<>((_, _) -> {});

  /** Says something on a connection, after a request was heard on it. */
  public interface Lie {
    void tell(Message request, Connection connection) throws IOException;
  }

  /** Listens in the place of the supervisor's own socket, in this directory. */
  public LyingSupervisor(SandboxId sandbox, Path directory, boolean provable) {
    this.sandbox = sandbox;
    this.provable = provable;
    this.socket = directory.resolve("supervisor.sock");
    try {
      Files.deleteIfExists(socket);
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public Path socket() {
    return socket;
  }

  /** From the next request on. */
  public void tells(Lie next) {
    lie.set(next);
  }

  /** From the next request on, these bytes and nothing else. */
  public void tells(byte[] bytes) {
    tells((_, connection) -> connection.writeBytes(ByteBuffer.wrap(bytes)));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        Thread.ofVirtual().start(() -> converse(peer));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void converse(SocketChannel peer) {
    try (Connection connection = new Connection(peer)) {
      connection.send(
          new Answer.Greeting(
              Connection.PROTOCOL, sandbox.value(), "lies", true, provable, Connection.REVISION));
      while (true) {
        Message heard = connection.receive();
        lie.get().tell(heard, connection);
      }
    } catch (IOException e) {
      // The service has had enough of it.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
