package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.sandbox.Usage;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** All sandboxes: the running ones, and those that have ended while they are kept. */
@Component
public class Sandboxes {
  /** The caller of what the service makes for its own ends, such as a template. */
  static final String SERVICE = "service";

  /** The number of records that are read at a time, for a page of those that are wanted. */
  private static final int PAGE = 200;

  /** The longest grace of an end: more than anything takes that ends by itself. */
  private static final Duration LONGEST_GRACE = Duration.ofDays(1);

  private final SandboxCreator creator;
  private final SandboxReconcilers keepers;
  private final History history;
  private final Supervisors supervisors;
  private final DiskLedger ledger;
  private final SandboxProperties properties;

  Sandboxes(
      SandboxCreator creator,
      SandboxReconcilers keepers,
      History history,
      Supervisors supervisors,
      DiskLedger ledger,
      SandboxProperties properties) {
    this.creator = creator;
    this.keepers = keepers;
    this.history = history;
    this.supervisors = supervisors;
    this.ledger = ledger;
    this.properties = properties;
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
    return create(spec, null, SERVICE, null).sandbox();
  }

  /** Begins a sandbox that is held apart in this way; null for the best there is. */
  public Sandbox create(SandboxSpec spec, @Nullable Isolation isolation)
      throws InterruptedException {
    return create(spec, isolation, SERVICE, null).sandbox();
  }

  /** Begins a sandbox, unless there is one of this key already; see {@link SandboxCreator}. */
  SandboxCreator.Created create(
      SandboxSpec spec, @Nullable Isolation isolation, String caller, History.@Nullable Use use)
      throws InterruptedException {
    return creator.create(spec, isolation, caller, use);
  }

  /**
   * Returns the sandbox as it is now.
   *
   * @throws SandboxException.NotFound if there is none, or it is no longer kept
   */
  public Sandbox get(SandboxId id) {
    return keepers.get(id);
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
      List<History.Kept> rows = history.page(state, last, PAGE);
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
    return keeper == null ? keepers.ended(id) : keeper.await(until, timeout);
  }

  /**
   * Waits like {@link #await}, on behalf of a caller of the service.
   *
   * @throws SandboxException.ServiceStopping if the service stops before
   */
  Sandbox awaitForCaller(SandboxId id, Predicate<Sandbox> until, Duration timeout)
      throws InterruptedException {
    SandboxReconciler keeper = keepers.of(id);
    return keeper == null ? keepers.ended(id) : keeper.awaitForCaller(until, timeout);
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
            ? keepers.ended(id)
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
      throw new SandboxException.NotReady(id, keepers.ended(id).state());
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
      return keepers.ended(id);
    }
    Duration wanted = grace == null ? properties.grace() : grace;
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

  /**
   * Returns the supervisor of a sandbox that is ready, and waits up to 10 s for one that is being
   * reached again; of a sandbox that has ended, its archive, which answers reads the same way.
   *
   * @throws SandboxException.NotReady if it is starting or ending
   * @throws SupervisorException.Lost if it is ready, but cannot be reached now
   */
  public Supervisor supervisor(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
    if (keeper == null) {
      return archived(keepers.ended(id));
    }
    Supervisor supervisor = keeper.awaitSupervisor();
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
    return supervisors.archived(
        sandbox.id(), history.archived(sandbox.id()), history.processes(sandbox));
  }

  /**
   * Returns readings of what a sandbox uses from now on, until it ends; looking is no activity.
   *
   * @throws SandboxException.NotReady if it is not up
   * @throws EngineException if the engine does not answer
   */
  public Usage.Readings usage(SandboxId id) {
    SandboxReconciler keeper = keepers.of(id);
    Sandbox now = keeper == null ? keepers.ended(id) : keeper.now();
    String container = keeper == null ? null : keeper.container();
    if (container == null || now.state() != SandboxState.READY) {
      throw new SandboxException.NotReady(id, now.state());
    }
    return ledger.usage(id, container);
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

  /** Returns the status of a daemon that has not been heard of. */
  static DaemonStatus unheard(boolean docker, Instant now) {
    DaemonStatus.State state = docker ? DaemonStatus.State.STARTING : DaemonStatus.State.DISABLED;
    long at = now.toEpochMilli() * 1000;
    return DaemonStatus.untouched(state, docker, at);
  }
}
