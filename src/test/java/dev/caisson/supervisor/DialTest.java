package dev.caisson.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Byte streams through a supervisor, to what listens beside it. */
@Timeout(60)
class DialTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void eachSideEndsForItself() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Connection connection = supervisor.connect()) {
      assertThat(dial(connection, Request.Dial.port(server.getLocalPort(), 5_000)))
          .isInstanceOf(Answer.Dialled.class);
      try (Socket inside = server.accept()) {
        connection.writeBytes(bytes("question"));
        connection.endBytes();
        assertThat(inside.getInputStream().readAllBytes()).asString().isEqualTo("question");
        inside.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
        inside.shutdownOutput();
        assertThat(rest(connection)).isEqualTo("answer");
      }
    }
  }

  @Test
  void muchPassesWholeBothWaysAtOnce(@TempDir Path directory) throws Exception {
    byte[] much = new byte[8 << 20];
    new Random(3).nextBytes(much);
    Path path = directory.resolve("echo.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread echo = Thread.ofVirtual().start(() -> echo(server));
      try (Connection connection = supervisor.connect()) {
        assertThat(dial(connection, Request.Dial.socket(path.toString())))
            .isInstanceOf(Answer.Dialled.class);
        Thread writer = Thread.ofVirtual().start(() -> write(connection, much));
        ByteBuffer all = ByteBuffer.allocate(much.length + 1);
        while (connection.readBytes(all) >= 0) {
          assertThat(all.hasRemaining()).isTrue();
        }
        assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(much));
        writer.join();
      }
      echo.join();
    }
  }

  @Test
  void whatIsNotThereIsNamed(@TempDir Path directory) throws Exception {
    int free;
    try (ServerSocket server = new ServerSocket(0)) {
      free = server.getLocalPort();
    }
    refused(Request.Dial.port(free, 1_000), "ECONNREFUSED");
    refused(Request.Dial.socket(directory.resolve("none").toString()), "ENOENT");
  }

  @Test
  void whoGoesAwayEndsTheOtherSide() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Connection connection = supervisor.connect();
      dial(connection, Request.Dial.port(server.getLocalPort(), 5_000));
      try (Socket inside = server.accept()) {
        connection.close();
        assertThat(inside.getInputStream().read()).isEqualTo(-1);
      }
      // And the supervisor answers as before.
      assertThat(supervisor.ask(new Request.DescribeActivity()))
          .isInstanceOf(Answer.Activity.class);
    }
  }

  private static void refused(Request.Dial dial, String code) throws IOException {
    try (Connection connection = supervisor.connect()) {
      SupervisorProcess.assertRefused(dial(connection, dial), code, "cannot connect");
      assertThat(connection.readBytes(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  private static Message dial(Connection connection, Request.Dial dial) throws IOException {
    return SupervisorProcess.ask(connection, dial);
  }

  private static void echo(ServerSocketChannel server) {
    try (SocketChannel peer = server.accept()) {
      ByteBuffer piece = ByteBuffer.allocate(10_000);
      while (peer.read(piece) >= 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          peer.write(piece);
        }
        piece.clear();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Connection connection, byte[] much) {
    try {
      connection.writeBytes(ByteBuffer.wrap(much));
      connection.endBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String rest(Connection connection) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(1 << 10);
    while (connection.readBytes(all) >= 0) {
      assertThat(all.hasRemaining()).isTrue();
    }
    return StandardCharsets.UTF_8.decode(all.flip()).toString();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
