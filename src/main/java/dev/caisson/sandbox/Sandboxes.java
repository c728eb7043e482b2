package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.DaemonStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
  /** Of its life cycle: what writes the history begins before it, and ends after it. */
  public static final int PHASE = 1;

  /** The label that tells whose sandbox a container is. */
  static final String INSTANCE_LABEL = "dev.caisson.instance";

  private static final Logger log = LoggerFactory.getLogger(Sandboxes.class);

  /** How many records are looked at at a time, for a page of those that are wanted. */
  private static final int PAGE = 200;

  private static final AtomicLong NONE = new AtomicLong();

  private final SandboxWorld world;
  private final Map<SandboxId, SandboxKeeper> keepers = new ConcurrentHashMap<>();
  private final Map<SandboxState, AtomicLong> over =
      Map.of(SandboxState.ENDED, new AtomicLong(), SandboxState.FAILED, new AtomicLong());
  private final Failures failures = new Failures();
  private volatile boolean running;
  private @Nullable AutoCloseable watch;

  Sandboxes(SandboxWorld world) {
    this.world = world;
    meters(world.meters());
  }

  /**
   * Begins a sandbox; {@link #await} tells when it is ready. It is recorded when this returns, and
   * nothing of it was made before.
   *
   * @throws SandboxException.Unsupported if this host cannot do what was asked for
   * @throws SandboxException.RecordsAway if it cannot be recorded
   * @throws EngineException if the engine does not answer
   */
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    return create(spec, null).sandbox();
  }

  /**
   * The same, unless there is one of this key already, which is answered then.
   *
   * @throws SandboxException.KeyReused if that one was made by another request
   */
  Created create(SandboxSpec spec, History.@Nullable Use use) throws InterruptedException {
    if (use != null) {
      Optional<History.Keyed> known = world.history().keyed(use.key());
      if (known.isPresent()) {
        return replayed(known.get(), use);
      }
    }
    Engine.Host host = world.engine().host();
    if (spec.resources().cpu() > host.cpus()) {
      throw new SandboxException.Unsupported(
          "resources.cpu " + spec.resources().cpu() + " exceeds the host's " + host.cpus());
    }
    SandboxId id = SandboxId.random();
    Instant now = world.clock().instant();
    Sandbox sandbox =
        Sandbox.starting(id, spec, isolation(host, spec.docker()), now, unheard(spec, now));
    // Before the record: whoever finds that finds its keeper.
    SandboxKeeper keeper = keep(sandbox, null);
    History.Keyed taken;
    try {
      taken = world.history().begin(sandbox, use);
    } catch (RuntimeException | InterruptedException e) {
      keepers.remove(id);
      throw e;
    }
    if (taken != null && use != null) {
      keepers.remove(id);
      return replayed(taken, use);
    }
    keeper.begin();
    return new Created(sandbox, false);
  }

  /**
   * What a create came to.
   *
   * @param replayed whether it was made by a request before
   */
  record Created(Sandbox sandbox, boolean replayed) {}

  private Created replayed(History.Keyed known, History.Use use) {
    if (!known.fingerprint().equals(use.fingerprint())) {
      throw new SandboxException.KeyReused(known.id());
    }
    return new Created(get(known.id()), true);
  }

  /**
   * The sandbox as it is now.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  public Sandbox get(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    return keeper == null ? ended(id) : keeper.now();
  }

  /** All that have not ended, newest first. */
  public List<Sandbox> list() {
    return keepers.values().stream()
        .map(SandboxKeeper::now)
        .sorted(
            Comparator.comparing((Sandbox sandbox) -> sandbox.life().createdAt())
                .reversed()
                .thenComparing(sandbox -> sandbox.id().value()))
        .toList();
  }

  /** A page of all that are kept, ended ones too, newest first; those after this one. */
  List<Sandbox> page(
      @Nullable SandboxState state,
      Predicate<Sandbox> wanted,
      @Nullable SandboxId after,
      int most) {
    List<Sandbox> page = new ArrayList<>();
    SandboxId last = after;
    while (page.size() < most) {
      List<History.Kept> rows = world.history().page(state, last, PAGE);
      for (History.Kept row : rows) {
        SandboxKeeper keeper = keepers.get(row.sandbox().id());
        Sandbox sandbox = keeper == null ? row.sandbox() : keeper.now();
        if (wanted.test(sandbox) && page.size() < most) {
          page.add(sandbox);
        }
      }
      if (rows.size() < PAGE) {
        break;
      }
      last = rows.getLast().sandbox().id();
    }
    return page;
  }

  /** Waits until this holds or the time is over; answers the sandbox as it is then. */
  public Sandbox await(SandboxId id, Predicate<Sandbox> until, Duration timeout)
      throws InterruptedException {
    SandboxKeeper keeper = keepers.get(id);
    return keeper == null ? ended(id) : keeper.await(until, timeout);
  }

  /** Waits until this holds of the daemon, the sandbox has ended, or the time is over. */
  public Sandbox awaitDaemon(SandboxId id, Predicate<DaemonStatus> until, Duration timeout)
      throws InterruptedException {
    return await(
        id, sandbox -> sandbox.state().isTerminal() || until.test(sandbox.daemon()), timeout);
  }

  /** Waits for a sandbox to be up; a failed start is thrown as what made it fail. */
  Sandbox awaitReady(SandboxId id, Duration timeout) throws InterruptedException {
    SandboxKeeper keeper = keepers.get(id);
    Sandbox sandbox =
        keeper == null
            ? ended(id)
            : keeper.await(current -> current.state() != SandboxState.STARTING, timeout);
    RuntimeException failure = keeper == null ? failures.of(sandbox) : keeper.failure();
    if (failure != null) {
      throw failure;
    }
    return sandbox;
  }

  /** Changes what can be changed while it runs. */
  Sandbox respecify(SandboxId id, UnaryOperator<SandboxSpec> change) throws InterruptedException {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper == null) {
      throw new SandboxException.NotReady(id, ended(id).state());
    }
    return keeper.respecify(change);
  }

  /** Ends a sandbox; does nothing if it has ended, or is about to. */
  Sandbox terminate(SandboxId id, @Nullable Duration grace) {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper == null) {
      return ended(id);
    }
    keeper.end(EndReason.TERMINATED, null, grace == null ? world.properties().grace() : grace);
    return keeper.now();
  }

  /**
   * The supervisor of a sandbox that is ready; of one that has ended, its archive, which answers
   * reads the same way.
   *
   * @throws SandboxException.NotReady if it is starting or ending
   * @throws SupervisorException.Lost if it is ready, but cannot be reached now
   */
  public Supervisor supervisor(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper == null) {
      return archived(ended(id));
    }
    Supervisor supervisor = keeper.supervisor();
    if (supervisor != null) {
      keeper.touch();
      return supervisor;
    }
    Sandbox now = keeper.now();
    if (now.state().isTerminal()) {
      return archived(now);
    }
    if (now.state() == SandboxState.READY) {
      throw new SupervisorException.Lost(id, "Its supervisor is not reached at the moment", null);
    }
    throw new SandboxException.NotReady(id, now.state());
  }

  private Supervisor archived(Sandbox sandbox) {
    return world
        .supervisors()
        .archived(
            sandbox.id(),
            world.history().archived(sandbox.id()),
            world.history().processes(sandbox));
  }

  /** Whether it has ended, or is not even kept any more. */
  public boolean isOver(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    return keeper == null || keeper.now().state().isTerminal();
  }

  /** Somebody uses it: its ttl begins anew. */
  public void touch(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper != null) {
      keeper.touch();
    }
  }

  private Sandbox ended(SandboxId id) {
    return world
        .history()
        .find(id)
        .map(History.Kept::sandbox)
        .orElseThrow(() -> new SandboxException.NotFound(id.value()));
  }

  private SandboxKeeper keep(Sandbox sandbox, @Nullable String container) {
    SandboxKeeper keeper = new SandboxKeeper(world, sandbox, container, () -> over(sandbox.id()));
    keepers.put(sandbox.id(), keeper);
    return keeper;
  }

  /** Its record says that it has ended; from here on that is all there is. */
  private void over(SandboxId id) {
    SandboxKeeper keeper = keepers.get(id);
    if (keeper != null) {
      failures.keep(id, keeper.failure());
      count(keeper.now().state(), 1);
      keepers.remove(id);
    }
    world.history().ended();
  }

  private void count(SandboxState state, int more) {
    AtomicLong counter = over.get(state);
    if (counter != null) {
      counter.addAndGet(more);
    }
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

  private void forgotten(Sandbox sandbox) {
    failures.forget(sandbox.id());
    count(sandbox.state(), -1);
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
    world.history().open();
    world.history().counts().forEach((state, n) -> count(state, n.intValue()));
    for (History.Kept kept : world.history().running()) {
      keep(adoptable(kept.sandbox()), kept.container()).begin();
    }
    world.history().sweep(this::forgotten);
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
            .filter(f -> world.history().instance().equals(f.labels().get(INSTANCE_LABEL)))
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
    world.engine().states(INSTANCE_LABEL, world.history().instance()).stream()
        .filter(id -> !own.containsKey(id) && isOver(keepers.get(id)))
        .forEach(this::removeState);
  }

  private void removeState(SandboxId id) {
    try {
      world.engine().removeState(id);
    } catch (EngineException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("could not remove its state, will be tried when the engine is next looked at");
    }
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
      world.engine().removeState(found.sandbox());
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
    world.history().close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Begins before the server answers and ends after it: what streams is ended before its source.
   */
  @Override
  public int getPhase() {
    return PHASE;
  }

  private void meters(MeterRegistry meters) {
    for (SandboxState state : SandboxState.values()) {
      Gauge.builder(
              "caisson.sandboxes",
              keepers,
              map ->
                  map.values().stream().filter(k -> k.now().state() == state).count()
                      + over.getOrDefault(state, NONE).get())
          .tag("state", state.name())
          .register(meters);
    }
    Gauge.builder("caisson.supervisor.connections", world.supervisors(), Supervisors::connections)
        .register(meters);
  }
}
