package dev.caisson.engine;

import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.JsonAnswers;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.client.Sleep;
import dev.caisson.engine.network.Containers;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Engine.Change;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.time.RetryPause;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener to the engine's events about our containers, which comes back when the engine does.
 */
final class EngineWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private static final String PATH =
      "/events?filters="
          + URLEncoder.encode(
              "{\"type\":[\"container\",\"image\"],\"event\":[\"die\",\"destroy\",\"delete\","
                  + "\"import\",\"load\",\"pull\",\"tag\",\"untag\"]}",
              StandardCharsets.UTF_8);

  private final EngineClient client;
  private final Consumer<Engine.Event> listener;
  private final Runnable forget;
  private final Sleep sleep;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Response open;
  private @Nullable Change told;

  /**
   * Creates the watch, which is still to be started.
   *
   * @param forget what was known about the engine, since another may come back
   */
  EngineWatch(EngineClient client, Consumer<Engine.Event> listener, Runnable forget, Sleep sleep) {
    this.client = client;
    this.listener = listener;
    this.forget = forget;
    this.sleep = sleep;
    this.thread = Thread.ofVirtual().name("engine-watch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    RetryPause pause = new RetryPause(SHORTEST, LONGEST);
    try {
      while (!closed) {
        if (listen()) {
          pause.reset();
        }
        if (closed) {
          return;
        }
        forget.run();
        tell(Change.DISCONNECTED);
        sleep.sleep(pause.next());
      }
    } catch (InterruptedException e) {
      // Closed in a pause.
      Thread.currentThread().interrupt();
    }
  }

  /** Listens until the connection breaks; returns whether there was one. */
  private boolean listen() {
    Response response;
    try {
      response = client.open(Operation.WATCH, PATH);
    } catch (EngineException e) {
      log.debug("the engine's events cannot be had: {}", e.getMessage());
      return false;
    }
    open = response;
    try (response) {
      tell(Change.CONNECTED);
      JsonAnswers.read(response.getBody(), Event.class, this::event);
      log.debug("the engine ended its events");
    } catch (IOException | RuntimeException e) {
      log.debug("the engine's events broke off: {}", e.toString());
    }
    return true;
  }

  private void event(Event event) {
    if (event.getType() == EventType.IMAGE) {
      hand(Change.IMAGES, null);
    } else if (event.getActor() != null) {
      Containers.sandbox(event.getActor().getAttributes())
          .ifPresent(sandbox -> hand(Change.DIED, sandbox));
    }
  }

  private void tell(Change change) {
    if (told != change) {
      told = change;
      log.info("container engine {}", change == Change.CONNECTED ? "is watched" : "is lost");
      hand(change, null);
    }
  }

  private void hand(Change change, @Nullable SandboxId sandbox) {
    if (closed) {
      return;
    }
    try {
      listener.accept(new Engine.Event(change, sandbox));
    } catch (RuntimeException e) {
      log.error("an event of the engine was not taken in: {}", change, e);
    }
  }

  /** Ends the watch; when this returns, no event follows. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Response response = open;
    if (response != null) {
      response.close();
    }
    if (!thread.equals(Thread.currentThread())) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
