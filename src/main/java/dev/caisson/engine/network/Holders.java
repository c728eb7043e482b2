package dev.caisson.engine.network;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.client.Operation;
import dev.caisson.host.PlacementSettings;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.SandboxId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Network namespaces that are made ahead: a few containers that hold one each, and the id of a
 * sandbox that does not exist yet, whose host name they have. A create that gets such an id joins
 * its container. Each is used once, and goes with its sandbox.
 */
final class Holders {
  /** The shortest time after a start before one is made: the supervisor starts in it. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** The time after a create before one is made, if no start follows. */
  private static final Duration FAILED = Duration.ofSeconds(10);

  /** The longest that an abandoned call is under way, after which its container is there. */
  private static final Duration LATER = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Holders.class);

  private final EngineClient client;
  private final Networks networks;
  private final String instance;
  private final String image;
  private final int wanted;
  private final Function<Duration, Executor> delays;

  /** The sandboxes-to-be that nobody has been given yet. */
  private final Deque<SandboxId> ready = new ArrayDeque<>();

  /** The sandboxes of all holders, ready or used, from before one is made until it is removed. */
  private final Set<SandboxId> held = new HashSet<>();

  private final AtomicLong turns = new AtomicLong();
  private final ReentrantLock making = new ReentrantLock();
  private boolean adopted;
  private boolean useless;
  private boolean closed;

  /**
   * Creates the holders; makes none before {@link #prepare}.
   *
   * @param image of the kit, whose init they run
   * @param delays for each delay what runs something after it
   */
  Holders(
      EngineClient client,
      Networks networks,
      PlacementSettings ground,
      String image,
      Function<Duration, Executor> delays) {
    this.client = client;
    this.networks = networks;
    this.instance = ground.instance();
    this.image = image;
    this.wanted = ground.network().holders();
    this.delays = delays;
  }

  /**
   * Takes up the holders of sandboxes that are there; the others are removed, since their ids may
   * be in records of sandboxes that failed. Does so once; before any is made, if it failed earlier.
   */
  void adopt() {
    making.lock();
    try {
      if (!adopted) {
        takeUp();
        adopted = true;
      }
    } finally {
      making.unlock();
    }
  }

  private void takeUp() {
    Set<SandboxId> sandboxes = new HashSet<>();
    List<HolderContainers.Holder> found =
        client.call(
            Operation.NETWORK,
            docker -> {
              sandboxes.addAll(sandboxes(docker));
              return HolderContainers.list(docker, instance);
            });
    synchronized (this) {
      found.forEach(holder -> held.add(holder.sandbox()));
    }
    found.stream()
        .map(HolderContainers.Holder::sandbox)
        .filter(id -> !sandboxes.contains(id))
        .forEach(id -> after(Duration.ZERO, () -> release(id)));
    after(LATER, this::removeStrays);
  }

  private static List<SandboxId> sandboxes(DockerClient docker) {
    List<Container> containers =
        docker
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(List.of(Labels.SANDBOX))
            .exec();
    return containers.stream()
        .flatMap(container -> Containers.sandbox(container.getLabels()).stream())
        .toList();
  }

  /** Removes what a service before had asked for, and the engine made after its end. */
  private void removeStrays() {
    making.lock();
    try {
      client.run(
          Operation.NETWORK,
          client.usual(),
          docker ->
              HolderContainers.list(docker, instance).stream()
                  .map(HolderContainers.Holder::sandbox)
                  .filter(id -> !has(id))
                  .forEach(id -> HolderContainers.remove(docker, id)));
    } finally {
      making.unlock();
    }
  }

  private synchronized boolean has(SandboxId id) {
    return held.contains(id);
  }

  /** Returns the id of a sandbox that has a network ready, which is nobody else's then. */
  synchronized Optional<SandboxId> next() {
    return Optional.ofNullable(ready.pollFirst());
  }

  /**
   * Returns the network mode with which this sandbox joins its holder; null if it has none, or one
   * that has died.
   */
  @Nullable String join(SandboxId sandbox) {
    prepare(FAILED);
    if (!has(sandbox)) {
      return null;
    }
    if (client.call(Operation.NETWORK, docker -> HolderContainers.runs(docker, sandbox))) {
      return HolderContainers.mode(sandbox);
    }
    log.info("the network holder of sandbox {} does not run any more", sandbox);
    removeContainer(sandbox);
    return null;
  }

  /** Has what is missing made, on nobody's path. */
  void prepare() {
    prepare(QUIET);
  }

  /**
   * Has what is missing made once no container was created for a while. In a burst, and on a busy
   * machine, the processors are for the creates: the longer a start takes, the longer it waits.
   */
  void started(Duration took) {
    Duration rest = took.multipliedBy(2);
    prepare(rest.compareTo(QUIET) < 0 ? QUIET : rest);
  }

  private void prepare(Duration delay) {
    long turn = turns.incrementAndGet();
    after(delay, () -> make(turn));
  }

  private void make(long turn) {
    making.lock();
    try {
      adopt();
      while (turn == turns.get() && isShort()) {
        makeOne();
      }
    } finally {
      making.unlock();
    }
  }

  private synchronized boolean isShort() {
    return !closed && !useless && ready.size() < wanted;
  }

  private void makeOne() {
    SandboxId id = SandboxId.random();
    synchronized (this) {
      held.add(id);
    }
    try {
      String network = networks.take(id);
      boolean runs =
          client.call(
              Operation.NETWORK,
              docker -> {
                HolderContainers.make(docker, image, instance, id, network);
                return HolderContainers.runs(docker, id);
              });
      synchronized (this) {
        useless = !runs;
        if (runs) {
          ready.add(id);
        }
      }
      if (!runs) {
        log.warn("no networks are made ahead: the program that holds them ended, in {}", image);
        release(id);
      }
    } catch (RuntimeException e) {
      // What was asked for may come to be still, and it has the network.
      after(LATER, () -> release(id));
      throw e;
    }
  }

  /** Removes the holder of a sandbox that is gone, and then gives back its network. */
  void release(SandboxId sandbox) {
    try {
      if (has(sandbox)) {
        removeContainer(sandbox);
      }
    } catch (EngineException e) {
      log.info("the network holder of {} cannot be removed yet: {}", sandbox, e.getMessage());
      after(LATER, () -> release(sandbox));
      return;
    }
    networks.release(sandbox);
  }

  private void removeContainer(SandboxId sandbox) {
    client.run(
        Operation.NETWORK, client.usual(), docker -> HolderContainers.remove(docker, sandbox));
    synchronized (this) {
      held.remove(sandbox);
      ready.remove(sandbox);
    }
  }

  /** Removes the holders that no sandbox has; makes none any more. */
  void close() {
    making.lock();
    try {
      List<SandboxId> left;
      synchronized (this) {
        closed = true;
        left = List.copyOf(ready);
      }
      left.forEach(this::release);
    } finally {
      making.unlock();
    }
  }

  private void after(Duration delay, Runnable work) {
    delays
        .apply(delay)
        .execute(() -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            // The engine is away: the next create has them made, the next start cleans up.
            log.warn("networks that are made ahead: {}", e.getMessage());
          }
        });
  }
}
