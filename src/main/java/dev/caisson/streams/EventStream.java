package dev.caisson.streams;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response as server-sent events. Nothing is queued here: the thread that sends waits until the
 * client's connection has taken the event, so a slow client holds up its own stream and nothing
 * else. A client that is gone shows as an {@link IOException}.
 */
public final class EventStream implements AutoCloseable {
  private final OutputStream out;
  private final JsonMapper json;
  private final Streams.Handle handle;
  private final Duration pause;
  private final Thread keepAlive;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean closed;

  EventStream(HttpServletResponse response, JsonMapper json, Streams.Handle handle, Duration pause)
      throws IOException {
    this.json = json;
    this.handle = handle;
    this.pause = pause;
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    // nginx buffers answers of a server it fronts unless it is told not to.
    response.setHeader("X-Accel-Buffering", "no");
    response.flushBuffer();
    out = response.getOutputStream();
    keepAlive = Thread.ofVirtual().name("keep-alive").start(this::keepAlive);
  }

  /**
   * Sends an event.
   *
   * @param id the id after which a client resumes ({@code Last-Event-ID}), or null to leave that as
   *     it is
   * @param data written as JSON, on one line
   */
  public void send(@Nullable String id, String event, Object data) throws IOException {
    StringBuilder text = new StringBuilder(256);
    if (id != null) {
      text.append("id: ").append(oneLine(id)).append('\n');
    }
    text.append("event: ").append(oneLine(event)).append('\n');
    text.append("data: ").append(oneLine(json.writeValueAsString(data))).append("\n\n");
    write(text.toString());
  }

  /** Sends a line that clients skip. */
  public void comment(String text) throws IOException {
    write(": " + oneLine(text) + "\n\n");
  }

  /**
   * Returns whether the stream was ended from outside: the service stops, or the client is gone.
   */
  public boolean ended() {
    return handle.ended();
  }

  /** Replaces line breaks: one would end the field, and begin another that was not meant. */
  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  private void write(String text) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the event stream is closed");
      }
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  private void keepAlive() {
    try {
      while (!over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        comment("keep-alive");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client is gone; the thread that sends may wait long before it would notice.
      handle.end();
    }
  }

  /** Ends the keep-alive; the response ends when its request does. */
  @Override
  public void close() {
    handle.close();
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    over.countDown();
    try {
      keepAlive.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
