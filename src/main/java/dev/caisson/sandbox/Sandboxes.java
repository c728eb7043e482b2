package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * All sandboxes: the running ones, and those that have ended while they are kept. The sandboxes
 * outlive this service; when it starts it adopts what is its own on the engine and removes what is
 * half-made.
 */
@Component
public class Sandboxes implements SmartLifecycle {
  /** The label that tells whose sandbox a container is. */
  static final String INSTANCE_LABEL = "dev.caisson.instance";

  private static final Logger log = LoggerFactory.getLogger(Sandboxes.class);

  private final SandboxWorld world;
  private final Map<SandboxId, SandboxKeeper> keepers = new ConcurrentHashMap<>();
  private volatile boolean running;
  private @Nullable AutoCloseable watch;

  Sandboxes(SandboxWorld world) {
    this.world = world;
    meters(world.meters());
  }

  /**
   * Begins a sandbox; {@link #await} tells when it is ready.
   *
   * @throws SandboxException.Unsupported if this host cannot do what was asked for
   * @throws EngineException if the engine does not answer
   */
  public Sandbox create(SandboxSpec spec) {
    Engine.Host host = world.engine().host();
    if (spec.resources().cpu() > host.cpus()) {
      throw new SandboxException.Unsupported(
          "resources.cpu " + spec.resources().cpu() + " exceeds the host's " + host.cpus());
    }
    SandboxId id = SandboxId.random();
    Instant now = world.clock().instant();
    Sandbox sandbox =
        Sandbox.starting(id, spec, isolation(host, spec.docker()), now, unheard(spec, now));
    keep(sandbox, null).begin();
    return sandbox;
  }

  /**
   * The sandbox as it is now.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  public Sandbox get(SandboxId id) {
    return keeper(id).now();
  }

  /** All of them, newest first. */
  public List<Sandbox> list() {
    return keepers.values().stream()
        .map(SandboxKeeper::now)
        .sorted(
            Comparator.comparing((Sandbox sandbox) -> sandbox.life().createdAt())
                .reversed()
                .thenComparing(sandbox -> sandbox.id().value()))
        .toList();
  }

  /** Waits until this holds or the time is over; answers the sandbox as it is then. */
  public Sandbox await(SandboxId id, Predicate<Sandbox> until, Duration timeout)
      throws InterruptedException {
    return keeper(id).await(until, timeout);
  }

  /** Waits until this holds of the daemon, the sandbox has ended, or the time is over. */
  public Sandbox awaitDaemon(SandboxId id, Predicate<DaemonStatus> until, Duration timeout)
      throws InterruptedException {
    return await(
        id, sandbox -> sandbox.state().isTerminal() || until.test(sandbox.daemon()), timeout);
  }

  /** Waits for a sandbox to be up; a failed start is thrown as what made it fail. */
  Sandbox awaitReady(SandboxId id, Duration timeout) throws InterruptedException {
    SandboxKeeper keeper = keeper(id);
    Sandbox sandbox = keeper.await(current -> current.state() != SandboxState.STARTING, timeout);
    RuntimeException failure = keeper.failure();
    if (failure != null) {
      throw failure;
    }
    return sandbox;
  }

  /** Changes what can be changed while it runs. */
  Sandbox respecify(SandboxId id, UnaryOperator<SandboxSpec> change) throws InterruptedException {
    SandboxKeeper keeper = keeper(id);
    if (keeper.now().state().isTerminal()) {
      throw new SandboxException.NotReady(id, keeper.now().state());
    }
    return keeper.respecify(change);
  }

  /** Ends a sandbox; does nothing if it has ended, or is about to. */
  Sandbox terminate(SandboxId id, @Nullable Duration grace) {
    SandboxKeeper keeper = keeper(id);
    if (!keeper.now().state().isTerminal()) {
      keeper.end(EndReason.TERMINATED, null, grace == null ? world.properties().grace() : grace);
    }
    return keeper.now();
  }

  /** The events of a sandbox after this one; waits for some, empty when there will be no more. */
  List<SandboxEvent> events(SandboxId id, long after) throws InterruptedException {
    return keeper(id).events().after(after);
  }

  /**
   * The supervisor of a sandbox that is ready; of one that has ended, its archive, which answers
   * reads the same way.
   *
   * @throws SandboxException.NotReady if it is starting or ending
   * @throws SupervisorException.Lost if it is ready, but cannot be reached now
   */
  public Supervisor supervisor(SandboxId id) {
    SandboxKeeper keeper = keeper(id);
    Supervisor supervisor = keeper.supervisor();
    if (supervisor != null) {
      keeper.touch();
      return supervisor;
    }
    SandboxState state = keeper.now().state();
    if (state.isTerminal()) {
      return world.supervisors().archived(id, world.records().archive(id));
    }
    if (state == SandboxState.READY) {
      throw new SupervisorException.Lost(id, "Its supervisor is not reached at the moment", null);
    }
    throw new SandboxException.NotReady(id, state);
  }

  /** Somebody uses it: its ttl begins anew. */
  public void touch(SandboxId id) {
    keeper(id).touch();
  }

  private SandboxKeeper keeper(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper == null) {
      throw new SandboxException.NotFound(id.value());
    }
    return keeper;
  }

  private SandboxKeeper keep(Sandbox sandbox, @Nullable String container) {
    SandboxKeeper keeper =
        new SandboxKeeper(world, sandbox, container, () -> keepers.remove(sandbox.id()));
    keepers.put(sandbox.id(), keeper);
    return keeper;
  }

  private Isolation isolation(Engine.Host host, boolean docker) {
    if (!docker) {
      return host.userns() ? Isolation.USERNS : Isolation.RUNC;
    }
    Isolation wanted = world.properties().isolation();
    if (wanted == Isolation.USERNS && !host.userns()) {
      throw new SandboxException.Unsupported(
          "Isolation userns is configured, but the engine does not remap users: set userns-remap in"
              + " its daemon.json, or configure capabilities (trusted use only)");
    }
    if (wanted != null && wanted != Isolation.RUNC) {
      return wanted;
    }
    return host.userns() ? Isolation.USERNS : Isolation.CAPABILITIES;
  }

  private static DaemonStatus unheard(SandboxSpec spec, Instant now) {
    DaemonStatus.State state =
        spec.docker() ? DaemonStatus.State.STARTING : DaemonStatus.State.DISABLED;
    long at = now.toEpochMilli() * 1000;
    return new DaemonStatus(
        state, spec.docker(), 0, null, null, 0, 0, 0, 0, null, 0, null, null, at);
  }

  @Override
  public void start() {
    running = true;
    for (SandboxRecords.Kept kept : world.records().load()) {
      keep(adoptable(kept.sandbox()), kept.container()).begin();
    }
    watch = world.engine().watch(this::changed);
  }

  private synchronized void changed(Engine.Event event) {
    switch (event.change()) {
      case CONNECTED -> lookAtEverything();
      case DISCONNECTED -> log.warn("connection to the engine is lost");
      case DIED -> {
        SandboxKeeper keeper = event.sandbox() == null ? null : keepers.get(event.sandbox());
        if (keeper != null) {
          keeper.died();
        }
      }
    }
  }

  /** The slow pass: what events missed is seen here, and what was half-made is removed. */
  private void lookAtEverything() {
    Map<SandboxId, Engine.Found> own =
        world.engine().list().stream()
            .filter(f -> world.records().instance().equals(f.labels().get(INSTANCE_LABEL)))
            .collect(Collectors.toMap(Engine.Found::sandbox, Function.identity(), (a, b) -> a));
    keepers.forEach((id, keeper) -> {
      Engine.Found found = own.get(id);
      boolean runs = found != null && found.running();
      if (!runs && keeper.now().state() == SandboxState.READY) {
        keeper.died();
      }
    });
    own.values().stream()
        .filter(found -> isOver(keepers.get(found.sandbox())))
        .forEach(this::removeHalfMade);
  }

  private static boolean isOver(@Nullable SandboxKeeper keeper) {
    return keeper == null || keeper.now().state().isTerminal();
  }

  /** A start is not taken up again by a new service: it is ended, like any end that was begun. */
  private static Sandbox adoptable(Sandbox sandbox) {
    return sandbox.state() == SandboxState.STARTING
        ? sandbox.with(
            sandbox.life().ending(EndReason.START_FAILED, "the service was restarted meanwhile"))
        : sandbox;
  }

  private void removeHalfMade(Engine.Found found) {
    log.atInfo().addKeyValue("sandbox", found.sandbox()).log("removing a sandbox nobody knows");
    try {
      world.engine().remove(found.container());
      world.supervisors().forget(found.sandbox());
    } catch (EngineException e) {
      log.atWarn()
          .addKeyValue("sandbox", found.sandbox())
          .addKeyValue("error", e.getMessage())
          .log("could not remove it, will be tried when the engine is next looked at");
    }
  }

  @Override
  public void stop() {
    running = false;
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (Exception e) {
      log.warn("engine watch did not close", e);
    }
    keepers.values().forEach(SandboxKeeper::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void meters(MeterRegistry meters) {
    for (SandboxState state : SandboxState.values()) {
      Gauge.builder(
              "caisson.sandboxes",
              keepers,
              map -> map.values().stream().filter(k -> k.now().state() == state).count())
          .tag("state", state.name())
          .register(meters);
    }
    Gauge.builder("caisson.supervisor.connections", world.supervisors(), Supervisors::connections)
        .register(meters);
  }
}
