package dev.caisson.ports;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.streams.Streams;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.websocket.Constants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * One connection to a port over a WebSocket. Nothing is queued on either side: a frame of the
 * client is taken when the port has taken the one before, and the port is read when the client has
 * taken what was read.
 */
final class TunnelSocket extends AbstractWebSocketHandler {
  /** That no more comes from this side, while the other may go on. */
  private static final TextMessage END = new TextMessage("{\"type\":\"end\"}");

  private static final int LONGEST_FRAME = 1 << 20;
  private static final int PIECE = 64 << 10;

  /** A client that takes nothing for so long is cut off. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final Logger log = LoggerFactory.getLogger(TunnelSocket.class);

  private final Tunnel tunnel;
  private final Port port;
  private final Streams streams;
  private final Runnable used;
  private final ReentrantLock sending = new ReentrantLock();
  private final CountDownLatch inputOver = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable WebSocketSession session;

  /**
   * @param used told from time to time that the sandbox is still used
   */
  TunnelSocket(Tunnel tunnel, Port port, Streams streams, Runnable used) {
    this.tunnel = tunnel;
    this.port = port;
    this.streams = streams;
    this.used = used;
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession opened) {
    opened.setBinaryMessageSizeLimit(LONGEST_FRAME);
    opened.setTextMessageSizeLimit(PIECE);
    if (opened instanceof NativeWebSocketSession known
        && known.getNativeSession() instanceof Session tomcat) {
      tomcat.getUserProperties().put(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, PATIENCE.toMillis());
    }
    session = opened;
    Thread.ofVirtual().name("tunnel-" + port.number()).start(this::run);
    Thread.ofVirtual().name("keep-alive").start(this::keepAlive);
  }

  private void run() {
    try (Streams.Handle _ = streams.open(() -> end(CloseStatus.GOING_AWAY))) {
      byte[] piece = new byte[PIECE];
      for (int count = read(piece); count >= 0; count = read(piece)) {
        send(new BinaryMessage(ByteBuffer.wrap(piece, 0, count)));
      }
      send(END);
      inputOver.await();
      end(CloseStatus.NORMAL);
    } catch (IOException e) {
      log.atDebug().addKeyValue("port", port).setCause(e).log("a tunnel broke");
      end(CloseStatus.SERVER_ERROR);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(CloseStatus.GOING_AWAY);
    }
  }

  private int read(byte[] piece) throws IOException {
    return tunnel.input().read(piece);
  }

  @Override
  protected void handleBinaryMessage(WebSocketSession from, BinaryMessage message) {
    ByteBuffer payload = message.getPayload();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    try {
      tunnel.output().write(bytes);
    } catch (IOException e) {
      log.atDebug().addKeyValue("port", port).setCause(e).log("a tunnel broke");
      end(CloseStatus.SERVER_ERROR);
    }
  }

  @Override
  protected void handleTextMessage(WebSocketSession from, TextMessage message) {
    if (!message.getPayload().replaceAll("\\s", "").equals(END.getPayload())) {
      end(CloseStatus.BAD_DATA);
      return;
    }
    try {
      tunnel.endOutput();
    } catch (IOException e) {
      // The port has ended both of its sides already.
      log.atTrace().addKeyValue("port", port).log("the end of a tunnel came late");
    }
    inputOver.countDown();
  }

  private void send(WebSocketMessage<?> message) throws IOException {
    WebSocketSession open = session;
    if (open == null) {
      throw new IOException("not open");
    }
    sending.lock();
    try {
      open.sendMessage(message);
    } catch (IllegalStateException e) {
      // Tomcat's word for a session that was closed meanwhile.
      throw new IOException(e);
    } finally {
      sending.unlock();
    }
  }

  /** Proxies cut connections on which nothing moves; and the sandbox is in use. */
  private void keepAlive() {
    try {
      while (!over.await(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)) {
        send(new PingMessage());
        used.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      end(CloseStatus.SERVER_ERROR);
    }
  }

  @Override
  public void handleTransportError(WebSocketSession broken, Throwable cause) {
    end(CloseStatus.SERVER_ERROR);
  }

  @Override
  public void afterConnectionClosed(WebSocketSession closed, CloseStatus status) {
    end(CloseStatus.NORMAL);
  }

  /** Lets go of everything, once. */
  private void end(CloseStatus status) {
    synchronized (this) {
      if (over.getCount() == 0) {
        return;
      }
      over.countDown();
    }
    inputOver.countDown();
    tunnel.close();
    WebSocketSession open = session;
    try {
      if (open != null && open.isOpen()) {
        open.close(status);
      }
    } catch (IOException e) {
      log.atTrace().addKeyValue("port", port).log("the client of a tunnel is gone");
    }
  }
}
