package dev.caisson.forward;

import dev.caisson.docker.Daemons;
import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The forwards of one sandbox. */
final class SandboxForwards implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxForwards.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The port at which Docker clients look for a daemon that speaks TCP without TLS. */
  private static final int ENGINE = 2375;

  private final SandboxId sandbox;
  private final Sandboxes sandboxes;
  private final Daemons daemons;
  private final ForwardProperties properties;
  private final Loopback loopback;
  private final Semaphore connections;
  private final Map<String, PortForward> ports = new LinkedHashMap<>();
  private final Map<Integer, DockerForward.Port> published = new TreeMap<>();
  private int made;
  private boolean closed;
  private @Nullable InetAddress address;
  private @Nullable Listener engine;
  private @Nullable PublishedPorts following;

  SandboxForwards(
      SandboxId sandbox,
      Sandboxes sandboxes,
      Daemons daemons,
      ForwardProperties properties,
      Loopback loopback) {
    this.sandbox = sandbox;
    this.sandboxes = sandboxes;
    this.daemons = daemons;
    this.properties = properties;
    this.loopback = loopback;
    this.connections = new Semaphore(properties.mostConnections());
  }

  synchronized PortForward open(String host, int port, int listen) {
    if (ports.size() + published.size() >= properties.mostListeners()) {
      throw new ForwardException.TooMany(sandbox, properties.mostListeners());
    }
    try {
      Listener listener = listen(InetAddress.getByName(host), listen, new Published(port, null));
      PortForward forward = new PortForward("fw-" + ++made, port, listener);
      ports.put(forward.id(), forward);
      return forward;
    } catch (IOException e) {
      throw refused(host, listen, e);
    }
  }

  private Listener listen(InetAddress at, int number, Published target) throws IOException {
    return checked(
        Listener.open(
            at,
            number,
            () ->
                sandboxes
                    .supervisor(sandbox)
                    .dial(
                        new Request.Dial(null, target.host(), target.port(), PATIENCE.toMillis())),
            connections));
  }

  /** Returns the listener, unless the sandbox has ended since the request; then closes it. */
  private Listener checked(Listener listener) {
    if (closed) {
      listener.close();
      throw new ForwardException.NotFound(sandbox, "life left");
    }
    return listener;
  }

  private ForwardException refused(String host, int port, IOException e) {
    return new ForwardException.NotListening(
        sandbox, host + ":" + port, String.valueOf(e.getMessage()));
  }

  synchronized List<PortForward> list() {
    return List.copyOf(ports.values());
  }

  synchronized boolean close(String id) {
    PortForward known = ports.remove(id);
    if (known != null) {
      known.listener().close();
    }
    return known != null;
  }

  DockerForward follow(boolean withEngine) {
    PublishedPorts begun = null;
    synchronized (this) {
      InetAddress own = address == null ? loopback.take(sandbox) : address;
      address = own;
      if (withEngine && engine == null) {
        try {
          engine = checked(Listener.open(own, ENGINE, () -> daemons.dial(sandbox), connections));
        } catch (IOException e) {
          throw refused(own.getHostAddress(), ENGINE, e);
        }
      }
      if (following == null) {
        begun = new PublishedPorts(sandbox, sandboxes, daemons, this::publish);
        following = begun;
      }
    }
    if (begun != null) {
      begun.start();
    }
    return Objects.requireNonNull(followed());
  }

  synchronized @Nullable DockerForward followed() {
    InetAddress own = address;
    return own == null
        ? null
        : new DockerForward(
            own.getHostAddress(),
            engine == null ? null : "tcp://" + own.getHostAddress() + ":" + ENGINE,
            new ArrayList<>(published.values()));
  }

  /** Brings the listeners in line with the ports that containers publish now. */
  private synchronized void publish(Map<Integer, Published> now) {
    InetAddress own = address;
    if (own == null || closed) {
      return;
    }
    for (Iterator<DockerForward.Port> known = published.values().iterator(); known.hasNext(); ) {
      DockerForward.Port each = known.next();
      Listener listener = each.listener();
      if (listener == null || !each.target().equals(now.get(each.target().port()))) {
        if (listener != null) {
          listener.stop();
        }
        known.remove();
      }
    }
    for (Published each : now.values()) {
      if (!published.containsKey(each.port())) {
        published.put(each.port(), publish(own, each));
      }
    }
  }

  private DockerForward.Port publish(InetAddress own, Published each) {
    if (ports.size() + published.size() >= properties.mostListeners()) {
      return new DockerForward.Port(each, null, "there are too many");
    }
    try {
      return new DockerForward.Port(each, listen(own, each.port(), each), null);
    } catch (IOException e) {
      log.atInfo()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("address", own.getHostAddress() + ":" + each.port())
          .addKeyValue("error", e.getMessage())
          .log("a published port is not forwarded");
      return new DockerForward.Port(each, null, String.valueOf(e.getMessage()));
    }
  }

  synchronized void unfollow() {
    if (following != null) {
      following.close();
      following = null;
    }
    if (engine != null) {
      engine.close();
      engine = null;
    }
    for (DockerForward.Port each : published.values()) {
      Listener listener = each.listener();
      if (listener != null) {
        listener.close();
      }
    }
    published.clear();
    if (address != null) {
      loopback.giveBack(sandbox);
      address = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    unfollow();
    ports.values().forEach(forward -> forward.listener().close());
    ports.clear();
  }
}
