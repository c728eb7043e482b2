package dev.caisson.streams;

import dev.caisson.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answers that go on until something ends them: event streams, followed output, long waits. A
 * server that stops gracefully waits for each of them, 14 s in one measurement, so they are ended
 * first: this is in the default phase, which stops before the server's own.
 */
@Component
public final class Streams implements SmartLifecycle {
  /**
   * The longest time a stop waits for a closer; a stream that is not done by then ends with the
   * server.
   */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** The time between two looks at whether a client is there. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final Logger log = LoggerFactory.getLogger(Streams.class);

  private final JsonMapper json;
  private final Duration keepAlive;
  private final Set<Handle> handles = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private volatile boolean stopped;

  @Autowired
  public Streams(JsonMapper json) {
    this(json, KEEP_ALIVE);
  }

  Streams(JsonMapper json, Duration keepAlive) {
    this.json = json;
    this.keepAlive = keepAlive;
  }

  /**
   * Registers an answer that goes on; the caller closes the handle when it is over.
   *
   * @param closer makes the answer end soon and returns; run at most once, from another thread,
   *     never after the handle is closed
   */
  public Handle open(Runnable closer) {
    Handle handle = new Handle(closer);
    handles.add(handle);
    if (stopped) {
      handle.end();
    }
    return handle;
  }

  /**
   * Registers an answer that is written when it is over: the closer is also run when its client has
   * gone away, within a second.
   *
   * @param request whose body was read
   */
  public Handle open(HttpServletRequest request, Runnable closer) {
    Handle handle = open(closer);
    BooleanSupplier gone = Client.gone(request);
    Thread.ofVirtual().name("client-of-" + request.getRequestId()).start(() -> watch(handle, gone));
    return handle;
  }

  private static void watch(Handle handle, BooleanSupplier gone) {
    try {
      do {
        Thread.sleep(LOOK);
      } while (handle.goesOn(gone));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes an event stream of this response: headers are sent at once, keep-alive comments follow.
   *
   * @param closer as for {@link #open}; also run when a keep-alive finds the client gone
   */
  public EventStream events(HttpServletResponse response, Runnable closer) throws IOException {
    Handle handle = open(closer);
    try {
      return new EventStream(response, json, handle, keepAlive);
    } catch (IOException | RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    stopped = true;
    List<Thread> closing =
        handles.stream().map(h -> Thread.ofVirtual().name("end-stream").start(h::end)).toList();
    try {
      for (Thread thread : closing) {
        if (!thread.join(PATIENCE)) {
          log.warn("a stream does not end");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The registration of one answer. */
  public final class Handle implements AutoCloseable {
    private @Nullable Runnable closer;
    private volatile boolean ended;

    private Handle(Runnable closer) {
      this.closer = closer;
    }

    /** Returns whether the closer was run: the answer did not end by itself. */
    public boolean ended() {
      return ended;
    }

    /** Ends the answer if its client is gone; returns whether it is still to be looked at. */
    private synchronized boolean goesOn(BooleanSupplier gone) {
      if (closer != null && gone.getAsBoolean()) {
        end();
      }
      return closer != null;
    }

    /** Runs the closer, unless that was done or the handle is closed. */
    synchronized void end() {
      Runnable once = closer;
      closer = null;
      if (once != null) {
        ended = true;
        once.run();
      }
    }

    /** Removes the answer, which is over; the closer does not run any more when this returns. */
    @Override
    public synchronized void close() {
      closer = null;
      handles.remove(this);
    }
  }
}
