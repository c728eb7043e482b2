package dev.caisson.forward;

import dev.caisson.docker.Daemons;
import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The addresses of this host that lead into sandboxes. They ask for no key: a caller that makes one
 * lets in every client that reaches the address. They end with their sandbox, and with the service.
 */
@Component
public final class Forwards implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Forwards.class);
  private static final Duration LONG = Duration.ofDays(1);

  private final Sandboxes sandboxes;
  private final Daemons daemons;
  private final ForwardProperties properties;
  private final Loopback loopback = new Loopback();
  private final Map<SandboxId, SandboxForwards> all = new ConcurrentHashMap<>();
  private volatile boolean running;

  Forwards(Sandboxes sandboxes, Daemons daemons, ForwardProperties properties) {
    this.sandboxes = sandboxes;
    this.daemons = daemons;
    this.properties = properties;
  }

  /**
   * Opens an address for one port.
   *
   * @param listen the port on this host, or 0 for one that is free
   * @throws ForwardException if it cannot be opened
   */
  PortForward open(SandboxId sandbox, int port, int listen) {
    return of(sandbox).open(properties.address(), port, listen);
  }

  /** Lists the forwards for one port each. */
  List<PortForward> list(SandboxId sandbox) {
    sandboxes.get(sandbox);
    SandboxForwards known = all.get(sandbox);
    return known == null ? List.of() : known.list();
  }

  /**
   * Closes a forward, and the connections by it.
   *
   * @throws ForwardException.NotFound if there is none
   */
  void close(SandboxId sandbox, String id) {
    sandboxes.get(sandbox);
    SandboxForwards known = all.get(sandbox);
    if (known == null || !known.close(id)) {
      throw new ForwardException.NotFound(sandbox, "forward " + id);
    }
  }

  /**
   * Gives the ports that a sandbox's containers publish the same numbers on a loopback address of
   * the sandbox's own, from here on, as they come and go.
   *
   * @param engine whether the daemon's API is there too, for every client on this host
   */
  DockerForward follow(SandboxId sandbox, boolean engine) {
    daemons.requireReady(sandbox, Duration.ofSeconds(30));
    return of(sandbox).follow(engine);
  }

  /** Returns what {@link #follow} has made; null if there is nothing. */
  @Nullable DockerForward followed(SandboxId sandbox) {
    sandboxes.get(sandbox);
    SandboxForwards known = all.get(sandbox);
    return known == null ? null : known.followed();
  }

  /** Ends what {@link #follow} has made, if there is anything. */
  void unfollow(SandboxId sandbox) {
    sandboxes.get(sandbox);
    SandboxForwards known = all.get(sandbox);
    if (known != null) {
      known.unfollow();
    }
  }

  private SandboxForwards of(SandboxId sandbox) {
    Sandbox now = sandboxes.get(sandbox);
    if (!properties.enabled()) {
      throw new ForwardException.Disabled(sandbox);
    }
    if (now.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(sandbox, now.state());
    }
    return all.computeIfAbsent(sandbox, this::make);
  }

  private SandboxForwards make(SandboxId sandbox) {
    SandboxForwards made = new SandboxForwards(sandbox, sandboxes, daemons, properties, loopback);
    Thread.ofVirtual().name("forwards-" + sandbox).start(() -> closeWith(sandbox));
    return made;
  }

  /** Waits for the end of a sandbox, then closes its forwards. */
  private void closeWith(SandboxId sandbox) {
    try {
      while (running && !sandboxes.isOver(sandbox)) {
        sandboxes.await(sandbox, now -> now.state().isTerminal(), LONG);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("sandbox", sandbox).setCause(e).log("its end was not seen");
    } finally {
      SandboxForwards known = all.remove(sandbox);
      if (known != null) {
        known.close();
      }
    }
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    all.values().forEach(SandboxForwards::close);
    all.clear();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
