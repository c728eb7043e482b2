package dev.caisson.forward;

import dev.caisson.docker.Daemons;
import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.proxy.HttpTunnel;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A follower of the ports that a sandbox's containers publish: the daemon's events say that
 * something has changed, its list says what there is. A daemon that is away is waited for.
 */
final class PublishedPorts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PublishedPorts.class);
  private static final String LIST = "/containers/json";

  /**
   * The target {"type":["container"],"event":["start","die","destroy"]}, as it stands in a query.
   */
  private static final String EVENTS =
      "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22start%22%2C"
          + "%22die%22%2C%22destroy%22%5D%7D";

  /**
   * The most bytes of a list, as an answer from a sandbox is bounded; a thousand containers take
   * about a megabyte.
   */
  private static final int LONGEST_LIST = 16 << 20;

  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofDays(1);

  private final SandboxId sandbox;
  private final Sandboxes sandboxes;
  private final Daemons daemons;
  private final Consumer<Map<Integer, Published>> found;
  private volatile boolean closed;
  private volatile @Nullable Tunnel events;
  private @Nullable Thread follower;

  PublishedPorts(
      SandboxId sandbox,
      Sandboxes sandboxes,
      Daemons daemons,
      Consumer<Map<Integer, Published>> found) {
    this.sandbox = sandbox;
    this.sandboxes = sandboxes;
    this.daemons = daemons;
    this.found = found;
  }

  /** Reads the list once, if the daemon answers, and then follows. */
  void start() {
    try {
      list();
    } catch (IOException | RuntimeException e) {
      tell(e);
    }
    follower = Thread.ofVirtual().name("published-" + sandbox).start(this::run);
  }

  private void run() {
    try {
      while (!closed && !sandboxes.isOver(sandbox)) {
        DaemonStatus status =
            sandboxes
                .awaitDaemon(sandbox, s -> s.state() == DaemonStatus.State.READY, LONG)
                .daemon();
        try {
          follow();
        } catch (IOException | RuntimeException e) {
          tell(e);
        }
        if (!closed) {
          // The daemon died: wait for its next state, or ask again after a while.
          sandboxes.awaitDaemon(
              sandbox, next -> next.changedAt() != status.changedAt() || closed, PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Exception e) {
    if (!closed) {
      log.atDebug()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("error", e.getMessage())
          .log("published ports are not followed at the moment");
    }
  }

  private void follow() throws IOException {
    Tunnel tunnel = daemons.dial(sandbox);
    events = tunnel;
    try (HttpTunnel http = new HttpTunnel(tunnel)) {
      if (closed) {
        return;
      }
      InputStream lines = content(http, EVENTS);
      byte[] piece = new byte[64 << 10];
      do {
        // After the events have begun, so that nothing falls between; once for many that came.
        list();
      } while (lines.read(piece) >= 0);
    }
  }

  private void list() throws IOException {
    try (HttpTunnel http = new HttpTunnel(daemons.dial(sandbox))) {
      byte[] list = content(http, LIST).readNBytes(LONGEST_LIST);
      found.accept(Published.in(list));
    } catch (JacksonException e) {
      throw new IOException("its list of containers cannot be read", e);
    }
  }

  private static InputStream content(HttpTunnel http, String target) throws IOException {
    ClassicHttpResponse answer = http.get(target);
    if (answer.getCode() != HttpStatus.SC_OK || answer.getEntity() == null) {
      throw new IOException("the daemon answered " + answer.getCode());
    }
    return answer.getEntity().getContent();
  }

  @Override
  public void close() {
    closed = true;
    Tunnel open = events;
    if (open != null) {
      open.close();
    }
    Thread last = follower;
    if (last != null) {
      last.interrupt();
    }
  }
}
