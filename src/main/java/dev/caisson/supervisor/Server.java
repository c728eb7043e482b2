package dev.caisson.supervisor;

import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Connection;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** The unix socket on which the supervisor answers. */
final class Server implements AutoCloseable {
  private static final int BACKLOG = 128;

  /** The most peers at once, more than any service has; the heap is small. */
  private static final int PEERS = 512;

  /** The pause after a failed accept, the cause of which ends without notice. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final SupervisorContext context;
  private final ServerSocketChannel channel;
  private final Semaphore places = new Semaphore(PEERS);

  Server(SupervisorContext context, Path socket) throws IOException {
    this.context = context;
    Path parent = socket.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    // Under its name it appears when it listens: whoever waits for the name can connect at once.
    Path unnamed = socket.resolveSibling(socket.getFileName() + ".part");
    Files.deleteIfExists(unnamed);
    channel.bind(UnixDomainSocketAddress.of(unnamed), BACKLOG);
    // Whoever speaks to the supervisor is root in the sandbox: other users of it must not.
    Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-------"));
    Files.move(unnamed, socket, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Accepts peers until it is closed. */
  void run() throws IOException {
    for (long number = 1; ; number++) {
      SocketChannel peer;
      try {
        peer = channel.accept();
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Out of descriptors, perhaps: whoever ends gives some back.
        Log.error("cannot accept a connection", "error", e);
        LockSupport.parkNanos(PAUSE.toNanos());
        continue;
      }
      if (places.tryAcquire()) {
        converse(peer, number);
      } else {
        Log.warn("too many connections, one is refused");
        peer.close();
      }
    }
  }

  private void converse(SocketChannel channel, long number) {
    Peer peer = new Peer(new Connection(channel));
    Conversation conversation = new Conversation(context, peer);
    Thread.ofVirtual()
        .name("peer-" + number)
        .start(() -> peer.listen(conversation::answered, context.ears()));
    Thread.ofVirtual()
        .name("conversation-" + number)
        .start(() -> {
          try {
            conversation.run();
          } catch (InterruptedException e) {
            Log.warn("a conversation was interrupted", "number", number);
          } finally {
            peer.close();
            places.release();
          }
        });
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
