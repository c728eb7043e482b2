package dev.caisson.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caisson.sandbox.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Bytes go both ways through a forward, each way with its own end. */
@Timeout(60)
class ListenerTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final Semaphore connections = new Semaphore(2);
  private final ServerSocket inside;

  ListenerTest() throws IOException {
    inside = new ServerSocket(0, 5, LOOPBACK);
  }

  @AfterEach
  void close() throws IOException {
    inside.close();
  }

  @Test
  void whoHasEndedItsSideStillReadsTheAnswer() throws Exception {
    try (Listener listener = Listener.open(LOOPBACK, 0, this::dial, connections);
        Socket client = new Socket(LOOPBACK, listener.port());
        Socket server = inside.accept()) {
      byte[] sent = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(sent);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(sent);
      writer.join();
      server.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
      server.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
    }
  }

  @Test
  void oneThatEndsInOrderLogsNothing() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Relay.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(logged);
    try (Listener listener = Listener.open(LOOPBACK, 0, this::dial, connections)) {
      try (Socket client = new Socket(LOOPBACK, listener.port());
          Socket server = inside.accept()) {
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        server.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      // It is over when its place is free again.
      assertThat(connections.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(logged.list).isEmpty();
  }

  @Test
  void whereNothingAnswersTheConnectionIsReset() throws Exception {
    Dialer nothing =
        () -> {
          throw new IllegalStateException("nothing listens");
        };
    try (Listener listener = Listener.open(LOOPBACK, 0, nothing, connections);
        Socket client = new Socket(LOOPBACK, listener.port())) {
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void moreConnectionsThanAllowedAreTurnedAwayAndPlacesComeBack() throws Exception {
    try (Listener listener = Listener.open(LOOPBACK, 0, this::dial, connections);
        Socket first = new Socket(LOOPBACK, listener.port());
        Socket firstInside = inside.accept();
        Socket second = new Socket(LOOPBACK, listener.port());
        Socket secondInside = inside.accept();
        Socket third = new Socket(LOOPBACK, listener.port())) {
      assertThatThrownBy(() -> third.getInputStream().read()).isInstanceOf(SocketException.class);
      first.shutdownOutput();
      firstInside.shutdownOutput();
      assertThat(connections.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      assertThat(second.isConnected()).isTrue();
      assertThat(secondInside.isConnected()).isTrue();
    }
  }

  @Test
  void closingCutsWhoIsConnected() throws Exception {
    Listener listener = Listener.open(LOOPBACK, 0, this::dial, connections);
    try (Socket client = new Socket(LOOPBACK, listener.port());
        Socket server = inside.accept()) {
      listener.close();
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(() -> new Socket(LOOPBACK, listener.port()).close())
          .isInstanceOf(IOException.class);
    }
  }

  private Tunnel dial() {
    try {
      return new SocketTunnel(new Socket(LOOPBACK, inside.getLocalPort()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tunnel that is an ordinary connection. */
  private record SocketTunnel(Socket socket) implements Tunnel {
    @Override
    public InputStream input() {
      return stream(socket::getInputStream);
    }

    @Override
    public OutputStream output() {
      return stream(socket::getOutputStream);
    }

    private interface Opened<T> {
      T open() throws IOException;
    }

    private static <T> T stream(Opened<T> stream) {
      try {
        return stream.open();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean isQuiet() {
      return true;
    }

    @Override
    public void endOutput() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
