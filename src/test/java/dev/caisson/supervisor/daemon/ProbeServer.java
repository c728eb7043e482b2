package dev.caisson.supervisor.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A small HTTP server on a unix socket: answers each request line as a test says. */
final class ProbeServer implements AutoCloseable {

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<IOException> failures = new CopyOnWriteArrayList<>();
  private final ServerSocketChannel channel;
  private final Path socket;
  private final Function<String, String> answer;
  private final Thread thread;

  ProbeServer(Path socket, Function<String, String> answer) throws IOException {
    this.socket = socket;
    this.answer = answer;
    Files.createDirectories(socket.getParent());
    channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket));
    thread = Thread.ofVirtual().name("docker-fake").start(this::serve);
  }

  static String ok(String body) {
    return "HTTP/1.0 200 OK\r\nApi-Version: 1.45\r\nServer: Docker/26.1.5+dfsg1 (linux)\r\n\r\n"
        + body;
  }

  private void serve() {
    while (channel.isOpen()) {
      try (SocketChannel client = channel.accept()) {
        ByteBuffer request = ByteBuffer.allocate(8192);
        client.read(request);
        String line = new String(request.array(), StandardCharsets.US_ASCII).split("\r\n", 2)[0];
        requests.add(line);
        client.write(ByteBuffer.wrap(answer.apply(line).getBytes(StandardCharsets.ISO_8859_1)));
      } catch (IOException closed) {
        failures.add(closed);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(socket);
  }
}
