package dev.caisson.lifecycle;

import dev.caisson.history.TestHistory;
import dev.caisson.host.Preflight;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.Supervisors;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;

/** The service's part for the life of sandboxes, assembled from what a test brings. */
final class TestService {
  final PooledSandboxes spares;
  final Sandboxes sandboxes;
  private final Engine engine;
  private final Preflight preflight;
  private final SandboxTasks tasks;
  private final ColdStarts starts;
  private final PooledSandboxFiles marks;
  private final Clock clock = Clock.systemUTC();
  private final ServiceLifecycle lifecycle;

  TestService(
      Engine engine,
      Preflight preflight,
      Supervisors supervisors,
      TestHistory records,
      SandboxProperties properties,
      Pool pool,
      boolean removeUnknown,
      List<DaemonListener> listeners) {
    History history = records.history();
    MeterRegistry meters = records.meters;
    this.engine = engine;
    this.preflight = preflight;
    starts = TestStarts.starts(engine, meters);
    marks = new PooledSandboxFiles(properties);
    tasks = new SandboxTasks(engine, supervisors, history, properties, meters);
    HostDisk disk = FakeSandboxes.disk(engine);
    HostAdmission admissions = new HostAdmission(preflight, disk);
    spares = spares(disk);
    SandboxReconcilers keepers =
        new SandboxReconcilers(tasks, history, properties, listeners, starts, meters, clock);
    sandboxes =
        new Sandboxes(
            new SandboxCreator(
                admissions,
                new PoolClaims(pool, spares, engine, meters),
                engine,
                history,
                keepers,
                starts,
                clock),
            keepers,
            history,
            supervisors,
            FakeSandboxes.ledger(engine),
            properties);
    RecoveryProperties recovery = new RecoveryProperties(removeUnknown);
    Leftovers leftovers = new Leftovers(tasks, history, marks, properties, recovery);
    lifecycle =
        new ServiceLifecycle(
            history,
            preflight,
            keepers,
            new StartupRecovery(engine, history, preflight, keepers, pool, leftovers),
            properties);
  }

  /** The maker of spare sandboxes on a host with this disk. */
  PooledSandboxes spares(HostDisk disk) {
    HostAdmission admissions = new HostAdmission(preflight, disk);
    return new PooledSandboxes(engine, tasks, admissions, starts, marks, clock);
  }

  void start() {
    lifecycle.start();
  }

  void stop() {
    lifecycle.stop();
  }
}
