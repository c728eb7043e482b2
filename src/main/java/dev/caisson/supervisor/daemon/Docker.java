package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.setup.Preparation;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import dev.caisson.supervisor.wire.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sandbox's Docker daemon, where it has one: its keeper from the configuration on. */
public final class Docker {
  private final Units units;
  private final Consumer<DaemonStatus> listener;
  private final Consumer<String> failures;
  private final Clock clock;
  private @Nullable DaemonSupervisor keeper;

  public Docker(
      Units units, Consumer<DaemonStatus> listener, Consumer<String> failures, Clock clock) {
    this.failures = failures;
    this.units = units;
    this.listener = listener;
    this.clock = clock;
  }

  public synchronized void begin(Request.Configure sandbox, Request.DockerPlan plan) {
    keeper =
        DaemonSupervisor.start(
            DaemonLayout.SANDBOX,
            Preparation.ofSandbox(),
            plan,
            sandbox.env(),
            units,
            clock,
            listener,
            failures);
  }

  private synchronized @Nullable DaemonSupervisor keeper() {
    return keeper;
  }

  public boolean isEnabled() {
    return keeper() != null;
  }

  public DaemonStatus status() {
    DaemonSupervisor kept = keeper();
    return kept == null ? DaemonSupervisor.disabled(clock) : kept.status();
  }

  /** Sets the wanted state of the daemon, and returns the status that follows from it. */
  public DaemonStatus want(Request.DaemonCommand command)
      throws RefusedException, InterruptedException {
    DaemonSupervisor kept = keeper();
    if (kept == null) {
      throw new RefusedException(
          RefusalCode.DOCKER_DISABLED, "this sandbox was created without Docker");
    }
    return kept.want(command);
  }

  /** Stops the inner containers and the daemons, and returns when they have ended. */
  public void stop(Duration grace) throws InterruptedException {
    DaemonSupervisor kept = keeper();
    if (kept != null) {
      kept.shutdown(grace);
    }
  }
}
