package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.setup.Preparation;
import dev.caisson.supervisor.setup.PreparationStep;
import dev.caisson.supervisor.setup.ProbePause;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Micros;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request.DaemonCommand;
import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Docker daemon of a sandbox: what is wanted of it, and how it stands.
 *
 * <p>One thread writes ({@code docker-keeper}); a request, an exit, an answer of the daemon only
 * marks, and that thread looks at the marks in their order.
 *
 * <p>{@code STOP} stops the daemons alone: the inner containers live on under their shims, as
 * {@code --live-restore} means it, and are found again by the next {@code START}. Only {@link
 * #shutdown} stops the containers too.
 */
public final class DaemonSupervisor {

  private static final Duration CHECK = Duration.ofHours(1);

  private final Clock clock;
  private final DaemonStateMachine daemons;
  private final DaemonContainers containers;
  private final DaemonProbes probes;
  private final DiskGauge gauge;
  private final Units units;
  private final BlockingQueue<Runnable> marks = new LinkedBlockingQueue<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch rest = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean begun;

  DaemonSupervisor(
      DaemonLayout layout,
      DaemonUnits lines,
      DaemonFiles files,
      DaemonPatience patience,
      DiskGauge gauge,
      DaemonStateMachine.Readiness readiness,
      Units units,
      Clock clock,
      Consumer<DaemonStatus> listener,
      Consumer<String> failures) {
    this.clock = clock;
    this.units = units;
    this.containers = new DaemonContainers(layout, clock);
    this.probes =
        new DaemonProbes(new Probe(layout, clock, ProbePause.SLEEP, failures), this::heard);
    this.daemons =
        new DaemonStateMachine(
            units,
            lines,
            files,
            new DaemonStacks(layout),
            patience,
            readiness,
            probes,
            this::exited,
            clock,
            listener);
    this.gauge = gauge;
    this.thread = Thread.ofPlatform().name("docker-keeper").daemon().unstarted(this::run);
  }

  /**
   * Starts the daemons and returns at once; the listener hears how it goes.
   *
   * @param env of the sandbox
   * @param listener called at each change of the status in order, by the keeper's thread; only
   *     marks
   * @param failures called with the reason when a question on the daemon's socket fails
   */
  public static DaemonSupervisor start(
      DaemonLayout layout,
      Preparation preparation,
      DockerPlan plan,
      Map<String, String> env,
      Units units,
      Clock clock,
      Consumer<DaemonStatus> listener,
      Consumer<String> failures) {
    DaemonSupervisor keeper =
        new DaemonSupervisor(
            layout,
            new DaemonUnits(layout, plan, env),
            new DaemonFiles(layout, Path.of("/proc")),
            DaemonPatience.of(plan),
            new DiskGauge(layout.dockerData(), plan.diskBytes()),
            () -> obstacle(preparation),
            units,
            clock,
            listener,
            failures);
    keeper.open();
    return keeper;
  }

  /** Returns the status of a sandbox where Docker is not enabled. */
  static DaemonStatus disabled(Clock clock) {
    return untouched(DaemonStatus.State.DISABLED, false, clock);
  }

  private static DaemonStatus untouched(DaemonStatus.State state, boolean wanted, Clock clock) {
    return DaemonStatus.untouched(state, wanted, Micros.now(clock));
  }

  private static @Nullable String obstacle(Preparation preparation) {
    try {
      List<PreparationStep> steps = preparation.run();
      String obstacle = null;
      for (PreparationStep step : steps) {
        switch (step.outcome()) {
          case DONE -> Log.debug("docker preparation", "step", step.name());
          case TOLERATED ->
              Log.warn("docker preparation", "step", step.name(), "error", step.detail());
          case FATAL -> {
            Log.error("docker preparation", "step", step.name(), "error", step.detail());
            obstacle = obstacle == null ? step.detail() : obstacle;
          }
        }
      }
      return obstacle;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Starts the threads, then the daemons. */
  void open() {
    probes.start();
    thread.start();
    marks.add(() -> {
      daemons.want(DaemonCommand.START);
      begun = true;
    });
    // After that mark: before it the daemon reads as stopped, which nobody may be told.
    gauge.start(use -> marks.add(() -> daemons.disk(use)));
  }

  /** Sets what is wanted and returns the status that follows from it at once. */
  DaemonStatus want(DaemonCommand command) throws InterruptedException {
    if (ending.get()) {
      return status();
    }
    CompletableFuture<DaemonStatus> answer = new CompletableFuture<>();
    marks.add(() -> {
      daemons.want(command);
      answer.complete(daemons.status());
    });
    try {
      // Nothing the keeper does takes long; more is a bug, and no reason to wait for ever.
      return answer.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException impossible) {
      throw new IllegalStateException("the docker keeper does not take marks", impossible);
    }
  }

  /**
   * Returns the daemon's status. Before the first mark is handled the daemon is about to start, and
   * not stopped by a request.
   */
  public DaemonStatus status() {
    return begun ? daemons.status() : untouched(DaemonStatus.State.STARTING, true, clock);
  }

  /**
   * Ends all for good: inner containers get their stop, then dockerd and containerd theirs; what is
   * left of the two when the grace is over gets KILL. A second call waits for the first.
   */
  public void shutdown(Duration grace) throws InterruptedException {
    Instant deadline = clock.instant().plus(grace);
    if (ending.compareAndSet(false, true)) {
      if (status().state() == DaemonStatus.State.READY) {
        // A fifth is kept for the daemons, which need some 100 ms.
        containers.stop(grace.multipliedBy(4).dividedBy(5));
      }
      marks.add(() -> daemons.want(DaemonCommand.STOP));
    }
    long left = Math.max(0, Duration.between(clock.instant(), deadline).toMillis());
    if (!rest.await(left, TimeUnit.MILLISECONDS)) {
      units.signal(Units.DOCKERD, "KILL");
      units.signal(Units.CONTAINERD, "KILL");
      rest.await(1, TimeUnit.SECONDS);
    }
    probes.close();
    gauge.close();
    thread.interrupt();
    thread.join();
  }

  private void exited(long pid, ProcessInfo.Exit exit) {
    marks.add(() -> daemons.ended(pid, exit));
  }

  private void heard(long run, ProbeQuestion question, Optional<String> version) {
    marks.add(() ->
        version.ifPresentOrElse(
            it -> daemons.answered(run, it), () -> daemons.silent(run, question)));
  }

  private void run() {
    try {
      while (true) {
        Instant due = daemons.due();
        Duration wait = due == null ? CHECK : Duration.between(clock.instant(), due);
        Runnable mark =
            wait.isNegative() ? marks.poll() : marks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (mark != null) {
          look(mark);
        }
        look(daemons::tick);
        if (ending.get() && daemons.rests()) {
          rest.countDown();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a mark; a bug in one must not leave the daemons without their keeper. */
  private static void look(Runnable mark) {
    try {
      mark.run();
    } catch (RuntimeException e) {
      Log.error("docker keeper", "error", e);
    }
  }
}
