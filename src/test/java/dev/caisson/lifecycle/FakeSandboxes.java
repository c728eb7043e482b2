package dev.caisson.lifecycle;

import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.Usage;
import dev.caisson.supervisor.wire.DaemonStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;

/** Sandboxes that are what a test says, each with a supervisor that a test brings. */
public final class FakeSandboxes extends Sandboxes {
  private final Map<SandboxId, Sandbox> known = new LinkedHashMap<>();
  private final Map<SandboxId, Supervisor> supervisors = new LinkedHashMap<>();

  /** Open as soon as somebody waits for a daemon. */
  public final CountDownLatch awaited = new CountDownLatch(1);

  @SuppressWarnings("NullAway") // Nothing of them is used: whatever would use it is overridden.
  public FakeSandboxes() {
    super(null, none(), null, new FakeSupervisors(), ledger(new FakeEngine()), null);
  }

  @SuppressWarnings("NullAway") // Nothing of them is used: no sandbox is ever kept.
  private static SandboxReconcilers none() {
    return new SandboxReconcilers(
        null,
        null,
        null,
        List.of(),
        TestStarts.starts(new FakeEngine(), new SimpleMeterRegistry()),
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }

  /** A host's disk that is never full. */
  static HostDisk disk(Engine engine) {
    Duration never = Duration.ofDays(1);
    return new HostDisk(Path.of("/"), engine, new DiskProperties(0, 0, never, never));
  }

  /** Of an engine that keeps nothing. */
  static DiskLedger ledger(Engine engine) {
    Duration never = Duration.ofDays(1);
    return new DiskLedger(
        engine,
        SandboxesTest.properties(Path.of("/"), never),
        new DiskProperties(0, 0, never, never));
  }

  /** A sandbox that is ready. */
  public synchronized SandboxId add(Supervisor supervisor, DaemonStatus daemon) {
    SandboxId id = SandboxId.random();
    supervisors.put(id, supervisor);
    put(id, SandboxState.READY, daemon);
    return id;
  }

  /** What becomes of it. */
  public synchronized void put(SandboxId id, SandboxState state, DaemonStatus daemon) {
    SandboxSpec spec =
        SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, 0))
            .docker(daemon.state() != DaemonStatus.State.DISABLED)
            .build();
    known.put(
        id,
        new Sandbox(
            id,
            spec,
            Isolation.USERNS,
            null,
            Life.builder(state, Instant.EPOCH).build(),
            Startup.NONE,
            daemon,
            List.of()));
    notifyAll();
  }

  @Override
  public synchronized Sandbox get(SandboxId id) {
    Sandbox sandbox = known.get(id);
    if (sandbox == null) {
      throw new SandboxException.NotFound(id.value());
    }
    return sandbox;
  }

  @Override
  public synchronized List<Sandbox> list() {
    return new ArrayList<>(known.values());
  }

  @Override
  public synchronized Sandbox awaitDaemon(
      SandboxId id, Predicate<DaemonStatus> until, Duration timeout) throws InterruptedException {
    awaited.countDown();
    long end = System.nanoTime() + timeout.toNanos();
    while (!get(id).state().isTerminal() && !until.test(get(id).daemon())) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return get(id);
  }

  @Override
  public synchronized Supervisor supervisor(SandboxId id) {
    Supervisor supervisor = supervisors.get(get(id).id());
    if (supervisor == null) {
      throw new SandboxException.NotReady(id, get(id).state());
    }
    return supervisor;
  }

  /** Whoever measures a sandbox is given these. */
  public volatile Function<SandboxId, Usage.Readings> usage =
      id -> {
        throw new SandboxException.NotReady(id, SandboxState.ENDED);
      };

  @Override
  public Usage.Readings usage(SandboxId id) {
    return usage.apply(id);
  }
}
