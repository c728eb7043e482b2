package dev.caisson.supervisor.credential;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The socket to which the kit's {@code docker-credential-caisson} brings what the Docker CLI asks
 * it: a line with the verb, then the input; answered with the exit code as one digit and the text
 * to be printed. Only root of the sandbox may open it. Nothing that passes here is logged.
 */
final class CredentialSocket implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int PEERS = 32;
  private static final int LONGEST = 256 << 10;
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** The answer by which the CLI knows that there is nothing, rather than that something broke. */
  private static final String NOTHING = "1credentials not found in native keychain\n";

  private final CredentialStore credentials;
  private final ServerSocketChannel channel;
  private final Semaphore places = new Semaphore(PEERS);

  private CredentialSocket(CredentialStore credentials, ServerSocketChannel channel) {
    this.credentials = credentials;
    this.channel = channel;
  }

  /** Listens in a thread of its own, in a directory that is made if it is absent. */
  static CredentialSocket open(CredentialStore credentials, Path socket) throws IOException {
    Path parent = socket.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Path unnamed = socket.resolveSibling(socket.getFileName() + ".part");
      Files.deleteIfExists(unnamed);
      channel.bind(UnixDomainSocketAddress.of(unnamed), BACKLOG);
      // Before it has the name by which anybody looks for it.
      Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-------"));
      Files.move(unnamed, socket, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    CredentialSocket opened = new CredentialSocket(credentials, channel);
    Thread.ofVirtual().name("credentials").start(opened::accept);
    return opened;
  }

  private void accept() {
    for (long number = 1; ; number++) {
      try {
        SocketChannel peer = channel.accept();
        places.acquireUninterruptibly();
        Thread.ofVirtual().name("credential-" + number).start(() -> converse(peer));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        Log.error("cannot accept a connection for credentials", "error", e);
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void converse(SocketChannel peer) {
    try (peer) {
      ByteBuffer answer = StandardCharsets.UTF_8.encode(answer(read(peer)));
      while (answer.hasRemaining()) {
        peer.write(answer);
      }
    } catch (IOException e) {
      Log.debug("a credential helper has gone away");
    } finally {
      places.release();
    }
  }

  private static String read(SocketChannel peer) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    while (peer.read(bytes) >= 0) {
      if (!bytes.hasRemaining()) {
        throw new IOException("the request is too long");
      }
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  /** Returns the exit code that the helper ends with, and the text that it prints. */
  private String answer(String request) {
    int line = request.indexOf('\n');
    String verb = line < 0 ? request : request.substring(0, line);
    String input = line < 0 ? "" : request.substring(line + 1);
    return switch (verb) {
      case "get" -> get(input.strip());
      case "store" -> store(input);
      case "erase" -> {
        credentials.erase(input.strip());
        yield "0";
      }
      case "list" -> "0" + FlatJson.write(credentials.users()) + "\n";
      default -> "1unknown verb\n";
    };
  }

  private String get(String registry) {
    Request.Credential found = credentials.get(registry);
    if (found == null) {
      return NOTHING;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ServerURL", registry);
    fields.put("Username", found.username());
    fields.put("Secret", found.secret());
    return "0" + FlatJson.write(fields) + "\n";
  }

  private String store(String input) {
    Map<String, String> fields;
    try {
      fields = FlatJson.parse(input);
    } catch (IllegalArgumentException e) {
      return "1the credentials cannot be read\n";
    }
    String registry = fields.getOrDefault("ServerURL", "");
    if (registry.isBlank()) {
      return "1no credentials server URL\n";
    }
    Request.Credential credential =
        new Request.Credential(
            registry, fields.getOrDefault("Username", ""), fields.getOrDefault("Secret", ""));
    return credentials.store(credential) ? "0" : "1there are too many credentials\n";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
