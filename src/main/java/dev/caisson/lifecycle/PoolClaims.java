package dev.caisson.lifecycle;

import dev.caisson.sandbox.Admission;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Shape;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The claims of spare sandboxes for callers, in place of a start. A spare that does not answer, or
 * whose daemon is not ready, is not handed out: its own answer to the claim shows that.
 */
@Component
final class PoolClaims {
  private static final Logger log = LoggerFactory.getLogger(PoolClaims.class);

  private final Pool pool;
  private final PooledSandboxes spares;
  private final Engine engine;
  private final MeterRegistry meters;

  PoolClaims(Pool pool, PooledSandboxes spares, Engine engine, MeterRegistry meters) {
    this.pool = pool;
    this.spares = spares;
    this.engine = engine;
    this.meters = meters;
  }

  /** The outcome of a claim. */
  sealed interface Result {}

  /**
   * A sandbox that is the caller's now.
   *
   * @param daemon the status of its daemon
   * @param startup how long the claim took
   */
  record Claimed(PooledSandbox spare, DaemonStatus daemon, Startup startup) implements Result {}

  /**
   * A sandbox that must be started cold.
   *
   * @param why where a pool might have had one; see {@link Startup}
   */
  record Missed(@Nullable String why) implements Result {}

  /** Claims a sandbox of the admitted shape. */
  Result claim(Admission admission) {
    SandboxSpec spec = admission.spec();
    Stages stages = new Stages(meters);
    Shape wanted = admission.shape();
    while (true) {
      Pool.Taken taken = pool.take(wanted, admission.versions());
      PooledSandbox spare = taken.spare();
      if (spare == null) {
        return new Missed(taken.miss());
      }
      try {
        DaemonStatus daemon = stages.time("claim", () -> claim(spare, spec));
        if (!spec.docker() || daemon.state() == DaemonStatus.State.READY) {
          limit(spare, spec.resources(), stages);
          begin(spare, spec, stages);
          PooledSandboxes.unwatch(spare);
          return new Claimed(spare, daemon, stages.measured(true, null));
        }
        log.atInfo()
            .addKeyValue("sandbox", spare.id())
            .addKeyValue("daemon", daemon.state())
            .log("a spare sandbox is no longer good");
      } catch (SupervisorException.Lost | SupervisorException.Untrusted e) {
        log.atInfo()
            .addKeyValue("sandbox", spare.id())
            .addKeyValue("error", e.getMessage())
            .log("a spare sandbox is no longer good");
      } catch (SupervisorException.Refused
          | SupervisorException.TooOld
          | SupervisorException.TooNew
          | EngineException e) {
        // What was asked for cannot be had of this one, nor then of the next: a cold start says
        // why.
        discard(spare);
        return new Missed("RESOURCES");
      } catch (RuntimeException e) {
        // It may know the caller's environment by now.
        discard(spare);
        throw e;
      }
      discard(spare);
    }
  }

  /** Notes that a keeper keeps the claimed sandbox: from here on the pool does not hold it. */
  void kept(PooledSandbox spare) {
    pool.settled(spare.id());
  }

  /** Notes that the claimed sandbox is recorded: no start of the service removes it as a spare. */
  void recorded(PooledSandbox spare) {
    spares.claimed(spare);
  }

  /** Removes a claimed sandbox: it knows its caller's environment, and must not go to another. */
  void remove(PooledSandbox spare) {
    spares.remove(spare);
  }

  private void discard(PooledSandbox spare) {
    Thread.ofVirtual()
        .name("spare-" + spare.id())
        .start(() -> {
          spares.removeInQuiet(spare);
          pool.settled(spare.id());
        });
  }

  private static DaemonStatus claim(PooledSandbox spare, SandboxSpec spec) {
    Map<String, String> env = SandboxStart.environment(spare.image(), spec);
    return spare
        .supervisor()
        .ask(new Request.Claim(env, SandboxStart.workdir(spare.image(), spec)));
  }

  private void limit(PooledSandbox spare, Resources wanted, Stages stages) {
    if (!wanted.equals(spare.resources())) {
      stages.time(
          "limits",
          () -> {
            engine.limit(spare.container(), wanted);
            return wanted;
          });
    }
  }

  private static void begin(PooledSandbox spare, SandboxSpec spec, Stages stages) {
    Request.Start start = SandboxStart.command(spare.image(), spec);
    if (start != null) {
      stages.time("command", () -> spare.supervisor().ask(start));
    }
  }
}
