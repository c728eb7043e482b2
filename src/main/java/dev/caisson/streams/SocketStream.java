package dev.caisson.streams;

import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.websocket.Constants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * A WebSocket that goes on until something ends it. Nothing is queued here: the thread that sends
 * waits until the client's connection has taken the message, so a slow client holds up its own
 * stream and nothing else.
 */
public abstract class SocketStream extends AbstractWebSocketHandler {
  /**
   * The most bytes of a message; Tomcat has a buffer of each size for every socket, from its start.
   */
  private static final int LONGEST_DATA = 1 << 20;

  private static final int LONGEST_CONTROL = 64 << 10;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final Logger log = LoggerFactory.getLogger(SocketStream.class);

  private final Streams streams;
  private final String name;
  private final Duration patience;
  private final ReentrantLock sending = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable WebSocketSession session;

  /**
   * Creates a stream that is not open yet.
   *
   * @param name of the thread that carries it
   * @param patience how long a client may take nothing before it is cut off
   */
  protected SocketStream(Streams streams, String name, Duration patience) {
    this.streams = streams;
    this.name = name;
    this.patience = patience;
  }

  /** Sends until there is no more, and then ends the stream; in a thread of its own. */
  protected abstract void carry() throws IOException, InterruptedException;

  /** Releases what the stream holds; called once, when it is over. */
  protected abstract void release();

  /** Notes that the stream is still open; called from time to time. */
  protected void kept() {}

  @Override
  public final void afterConnectionEstablished(WebSocketSession opened) {
    opened.setBinaryMessageSizeLimit(LONGEST_DATA);
    opened.setTextMessageSizeLimit(LONGEST_CONTROL);
    if (opened instanceof NativeWebSocketSession known
        && known.getNativeSession() instanceof Session tomcat) {
      // Tomcat's own 20 s are short for a laptop.
      tomcat.getUserProperties().put(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, patience.toMillis());
    }
    session = opened;
    Thread.ofVirtual().name(name).start(this::run);
    Thread.ofVirtual().name("keep-alive").start(this::keepAlive);
  }

  private void run() {
    // The service stops: the client connects again, to the next one.
    try (Streams.Handle _ = streams.open(() -> end(CloseStatus.GOING_AWAY))) {
      carry();
    } catch (IOException e) {
      log.atDebug().addKeyValue("stream", name).setCause(e).log("a socket broke");
      end(CloseStatus.SERVER_ERROR);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(CloseStatus.GOING_AWAY);
    }
  }

  protected final void send(WebSocketMessage<?> message) throws IOException {
    WebSocketSession open = session;
    if (open == null) {
      throw new IOException("not open");
    }
    sending.lock();
    try {
      open.sendMessage(message);
    } catch (IllegalStateException e) {
      // Tomcat throws this for a session that was closed meanwhile.
      throw new IOException(e);
    } finally {
      sending.unlock();
    }
  }

  /** Sends pings, since proxies cut connections on which nothing moves. */
  private void keepAlive() {
    try {
      while (!over.await(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)) {
        send(new PingMessage());
        kept();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      end(CloseStatus.SERVER_ERROR);
    }
  }

  @Override
  public final void handleTransportError(WebSocketSession broken, Throwable cause) {
    end(CloseStatus.SERVER_ERROR);
  }

  @Override
  public final void afterConnectionClosed(WebSocketSession closed, CloseStatus status) {
    end(CloseStatus.NORMAL);
  }

  protected final boolean isOver() {
    return over.getCount() == 0;
  }

  /** Ends the stream, once; sends the client this status, if it is still there. */
  protected final void end(CloseStatus status) {
    synchronized (over) {
      if (isOver()) {
        return;
      }
      over.countDown();
    }
    release();
    WebSocketSession open = session;
    try {
      if (open != null && open.isOpen()) {
        open.close(status);
      }
    } catch (IOException e) {
      log.atTrace().addKeyValue("stream", name).log("the client of a socket is gone");
    }
  }
}
