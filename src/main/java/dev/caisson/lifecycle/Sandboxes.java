package dev.caisson.lifecycle;

import dev.caisson.sandbox.Admission;
import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Usage;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
  /** The phase of their life cycle: what writes the history begins before it, and ends after it. */
  public static final int PHASE = 1;

  private static final Logger log = LoggerFactory.getLogger(Sandboxes.class);

  /** The number of records that are read at a time, for a page of those that are wanted. */
  private static final int PAGE = 200;

  /** The longest grace of an end: more than anything takes that ends by itself. */
  private static final Duration LONGEST_GRACE = Duration.ofDays(1);

  private final SandboxWorld world;
  private final Pool pool;
  private final PooledSandboxes spares;
  private final HostDisk disk;
  private final DiskLedger ledger;
  private final SandboxReconcilers keepers;
  private final StartupRecovery census;
  private volatile boolean running;
  private @Nullable AutoCloseable watch;

  Sandboxes(
      SandboxWorld world,
      Pool pool,
      PooledSandboxes spares,
      HostDisk disk,
      DiskLedger ledger,
      RecoveryProperties census) {
    this.world = world;
    this.pool = pool;
    this.spares = spares;
    this.disk = disk;
    this.ledger = ledger;
    this.keepers = new SandboxReconcilers(world);
    this.census = new StartupRecovery(world, keepers, pool, census.removeUnknown());
  }

  /**
   * Begins a sandbox; {@link #await} waits until it is ready. It is recorded when this returns, and
   * nothing of it was made before, unless a pool had it ready.
   *
   * @throws SandboxException.Unsupported if this host cannot do what was asked for
   * @throws SandboxException.HostDiskFull if there is no room for one more
   * @throws SandboxException.RecordsAway if it cannot be recorded
   * @throws EngineException.RegistryNotAllowed if its image would come from where none may
   * @throws EngineException if the engine does not answer
   */
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    return create(spec, null, null).sandbox();
  }

  /** Begins a sandbox that is held apart in this way; null for the best there is. */
  public Sandbox create(SandboxSpec spec, @Nullable Isolation isolation)
      throws InterruptedException {
    return create(spec, isolation, null).sandbox();
  }

  /**
   * Begins a sandbox, unless there is one of this key already, which is returned then.
   *
   * @param isolation that is asked for, null for the best there is
   * @param use the key and the request's fingerprint, null for no key
   * @throws SandboxException.KeyReused if that one was made by another request
   */
  Created create(SandboxSpec asked, @Nullable Isolation isolation, History.@Nullable Use use)
      throws InterruptedException {
    Optional<History.Keyed> known =
        use == null ? Optional.empty() : world.history().keyed(use.key());
    if (use != null && known.isPresent() && !isBrokenOff(known.get(), use)) {
      return replayed(known.get(), use);
    }
    Admission admission = admit(asked, isolation);
    disk.admit();
    Instant now = world.clock().instant();
    PoolClaim.Result result = new PoolClaim(world, pool, spares, admission.spec()).run(admission);
    return switch (result) {
      case PoolClaim.Claimed claimed -> claimed(admission, now, claimed, use);
      case PoolClaim.Missed missed -> cold(admission, now, missed.why(), use);
    };
  }

  /** Makes a sandbox that a pool had ready the caller's. */
  private Created claimed(
      Admission admission, Instant now, PoolClaim.Claimed claimed, History.@Nullable Use use)
      throws InterruptedException {
    PooledSandbox spare = claimed.spare();
    Sandbox sandbox =
        Sandbox.starting(spare.id(), admission, now, claimed.daemon())
            .ready(world.clock().instant(), spare.image().digest(), claimed.startup());
    SandboxReconciler keeper = keepers.keep(sandbox, spare.container());
    pool.settled(spare.id());
    Created replayed;
    try {
      replayed = record(sandbox, spare.container(), use);
    } catch (RuntimeException | InterruptedException e) {
      // It knows the caller's environment, and so must not go to another.
      spares.remove(spare);
      throw e;
    }
    if (replayed != null) {
      spares.remove(spare);
      return replayed;
    }
    spares.claimed(spare);
    keeper.begin(spare.supervisor());
    return new Created(sandbox, false);
  }

  /**
   * Begins a sandbox of which nothing is there yet.
   *
   * @param whyNotPooled see {@link Startup}
   */
  private Created cold(
      Admission admission, Instant now, @Nullable String whyNotPooled, History.@Nullable Use use)
      throws InterruptedException {
    SandboxSpec spec = admission.spec();
    world.engine().admitImage(spec.image());
    Sandbox sandbox =
        Sandbox.starting(SandboxId.random(), admission, now, unheard(spec.docker(), now));
    SandboxReconciler keeper = keepers.keep(sandbox, null);
    Created replayed = record(sandbox, null, use);
    if (replayed != null) {
      return replayed;
    }
    keeper.begin(whyNotPooled);
    return new Created(sandbox, false);
  }

  /**
   * Records a sandbox whose keeper is there already, since a caller that finds the record looks for
   * the keeper. Drops the keeper if it fails, or if another request of the same key came first,
   * whose sandbox is returned then; else returns null.
   */
  private @Nullable Created record(
      Sandbox sandbox, @Nullable String container, History.@Nullable Use use)
      throws InterruptedException {
    History.Keyed first;
    try {
      first = world.history().begin(sandbox, container, use);
    } catch (RuntimeException | InterruptedException e) {
      keepers.drop(sandbox.id());
      throw e;
    }
    if (first == null || use == null) {
      return null;
    }
    keepers.drop(sandbox.id());
    return replayed(first, use);
  }

  private Admission admit(SandboxSpec spec, @Nullable Isolation isolation)
      throws InterruptedException {
    try {
      return Admission.of(spec, isolation, world.preflight().report());
    } catch (SandboxException.KitMissing e) {
      // It may have been built meanwhile.
      return Admission.of(spec, isolation, world.preflight().again());
    }
  }

  /**
   * The outcome of a create.
   *
   * @param replayed whether an earlier request has made it
   */
  record Created(Sandbox sandbox, boolean replayed) {}

  /**
   * Returns whether a restart of the service broke off what was begun under this key, of which
   * nothing is left, and then frees the key, since the repeated request wants what the first did
   * not get.
   */
  private boolean isBrokenOff(History.Keyed known, History.Use use) {
    if (!known.fingerprint().equals(use.fingerprint())
        || !StartupRecovery.isBrokenOff(get(known.id()))) {
      return false;
    }
    world.history().release(use.key(), known.id());
    return true;
  }

  private Created replayed(History.Keyed known, History.Use use) {
    if (!known.fingerprint().equals(use.fingerprint())) {
      throw new SandboxException.KeyReused(known.id());
    }
    return new Created(get(known.id()), true);
  }

  /**
   * Returns the sandbox as it is now.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  public Sandbox get(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
    return keeper == null ? ended(id) : keeper.now();
  }

  /** Returns all that have not ended, newest first. */
  public List<Sandbox> list() {
    return keepers.all().stream()
        .map(SandboxReconciler::now)
        .sorted(
            Comparator.comparing((Sandbox sandbox) -> sandbox.life().createdAt())
                .reversed()
                .thenComparing(sandbox -> sandbox.id().value()))
        .toList();
  }

  /**
   * Returns a page of all that are kept, ended ones too, newest first, beginning after this one.
   */
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
        SandboxReconciler keeper = keepers.of(row.sandbox().id());
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

  /** Waits until this holds or the time is over; returns the sandbox as it is then. */
  public Sandbox await(SandboxId id, Predicate<Sandbox> until, Duration timeout)
      throws InterruptedException {
    SandboxReconciler keeper = keepers.of(id);
    return keeper == null ? ended(id) : keeper.await(until, timeout);
  }

  /**
   * Waits like {@link #await}, on behalf of a caller of the service.
   *
   * @throws SandboxException.ServiceStopping if the service stops before
   */
  Sandbox awaitForCaller(SandboxId id, Predicate<Sandbox> until, Duration timeout)
      throws InterruptedException {
    SandboxReconciler keeper = keepers.of(id);
    return keeper == null ? ended(id) : keeper.awaitForCaller(until, timeout);
  }

  /** Ends what callers wait for: the service is about to stop. */
  void endWaits() {
    keepers.endWaits();
  }

  /** Waits until this holds of the daemon, the sandbox has ended, or the time is over. */
  public Sandbox awaitDaemon(SandboxId id, Predicate<DaemonStatus> until, Duration timeout)
      throws InterruptedException {
    return await(
        id, sandbox -> sandbox.state().isTerminal() || until.test(sandbox.daemon()), timeout);
  }

  /** Waits for a sandbox to be up; a failed start is thrown as what made it fail. */
  Sandbox awaitReady(SandboxId id, Duration timeout) throws InterruptedException {
    SandboxReconciler keeper = keepers.of(id);
    Sandbox sandbox =
        keeper == null
            ? ended(id)
            : keeper.awaitForCaller(current -> current.state() != SandboxState.STARTING, timeout);
    RuntimeException failure = keeper == null ? keepers.failure(sandbox) : keeper.failure();
    if (failure != null) {
      throw failure;
    }
    return sandbox;
  }

  /** Changes what can be changed of a sandbox while it runs. */
  Sandbox respecify(SandboxId id, UnaryOperator<SandboxSpec> change) throws InterruptedException {
    SandboxReconciler keeper = keepers.of(id);
    if (keeper == null) {
      throw new SandboxException.NotReady(id, ended(id).state());
    }
    return keeper.respecify(change);
  }

  /**
   * Ends a sandbox; does nothing if it has ended. One that is ending ends sooner, if it would have
   * had more time.
   */
  public Sandbox terminate(SandboxId id, @Nullable Duration grace) {
    SandboxReconciler keeper = keepers.of(id);
    if (keeper == null) {
      return ended(id);
    }
    Duration wanted = grace == null ? world.properties().grace() : grace;
    keeper.end(
        EndReason.TERMINATED, null, wanted.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : wanted);
    return keeper.now();
  }

  /**
   * Ends a sandbox at once, for a reason that is not its caller's; does nothing if it has ended.
   */
  void end(SandboxId id, EndReason reason, String detail) {
    SandboxReconciler keeper = keepers.of(id);
    if (keeper != null) {
      keeper.end(reason, detail, Duration.ZERO);
    }
  }

  /** Returns the volumes with data of daemons that were kept, see {@link DockerData#kept}. */
  public List<String> keptData() {
    return world.engine().data(StartupRecovery.INSTANCE_LABEL, world.history().instance());
  }

  /** Removes a volume of kept data; returns false if a sandbox uses it. */
  public boolean removeData(String volume) {
    return world.engine().removeData(volume);
  }

  /**
   * Returns the supervisor of a sandbox that is ready; of one that has ended, its archive, which
   * answers reads the same way.
   *
   * @throws SandboxException.NotReady if it is starting or ending
   * @throws SupervisorException.Lost if it is ready, but cannot be reached now
   */
  public Supervisor supervisor(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
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
      throw new SupervisorException.Lost(
          id, "The supervisor cannot be reached at the moment", null);
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

  /**
   * Returns readings of what a sandbox uses from now on, until it ends; looking is no activity.
   *
   * @throws SandboxException.NotReady if it is not up
   * @throws EngineException if the engine does not answer
   */
  public Usage.Readings usage(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
    Sandbox now = keeper == null ? ended(id) : keeper.now();
    String container = keeper == null ? null : keeper.container();
    if (container == null || now.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(id, now.state());
    }
    return ledger.with(id, world.engine().usage(container));
  }

  /** Returns whether the sandbox has ended, or is not even kept any more. */
  public boolean isOver(SandboxId id) {
    return keepers.isOver(id);
  }

  /** Records a use of the sandbox: its ttl begins anew. */
  public void touch(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
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

  /** Returns the status of a daemon that has not been heard of. */
  static DaemonStatus unheard(boolean docker, Instant now) {
    DaemonStatus.State state = docker ? DaemonStatus.State.STARTING : DaemonStatus.State.DISABLED;
    long at = now.toEpochMilli() * 1000;
    return DaemonStatus.untouched(state, docker, at);
  }

  @Override
  public void start() {
    running = true;
    world.history().open();
    SandboxProperties.Docker docker = world.properties().docker();
    world.preflight().serve(world.history().instance(), docker.places(), docker.registryMirrors());
    keepers.count(world.history().counts());
    census.adopt();
    world.history().sweep(keepers::forgotten);
    watch = census.watch();
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
    keepers.all().forEach(SandboxReconciler::close);
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
}
