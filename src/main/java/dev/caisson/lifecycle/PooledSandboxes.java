package dev.caisson.lifecycle;

import dev.caisson.sandbox.Admission;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The maker of spare sandboxes, which also checks whether they are current, and removes them. */
@Component
public class PooledSandboxes {
  private static final Logger log = LoggerFactory.getLogger(PooledSandboxes.class);
  private static final Duration DAEMON = Duration.ofMinutes(2);

  /** The number of rehearsals: about as often as a method runs before it is compiled. */
  private static final int REHEARSALS = 200;

  private final Engine engine;
  private final SandboxTasks tasks;
  private final HostAdmission admissions;
  private final ColdStarts starts;
  private final PooledSandboxFiles marks;
  private final Clock clock;

  PooledSandboxes(
      Engine engine,
      SandboxTasks tasks,
      HostAdmission admissions,
      ColdStarts starts,
      PooledSandboxFiles marks,
      Clock clock) {
    this.engine = engine;
    this.tasks = tasks;
    this.admissions = admissions;
    this.starts = starts;
    this.marks = marks;
    this.clock = clock;
  }

  /** Returns what the engine's host has. */
  public Engine.Host host() {
    return engine.host();
  }

  /** Waits until no sandbox is being started for a caller, or a while has passed. */
  public void awaitTurn() throws InterruptedException {
    starts.awaitNone();
  }

  /**
   * Brings a spare sandbox up, and waits for its daemon where it has one.
   *
   * @param id of the sandbox that it will be
   * @param bad run when it is no longer good: its supervisor or its daemon is gone
   * @throws SandboxException if this host cannot do that, or has no disk left for it
   * @throws EngineException if the engine did not
   * @throws SupervisorException if it did not come up
   */
  public PooledSandbox make(
      SandboxId id, SandboxSpec spec, @Nullable Isolation isolation, Runnable bad)
      throws InterruptedException {
    Admission admission = admissions.admitSpare(spec, isolation);
    SandboxStart start =
        tasks.start(id, admission.spec(), admission.isolation(), () -> {}, _ -> {});
    marks.put(id);
    try {
      SandboxStart.Result made = start.run(false);
      SandboxWatch watch = awaitGood(id, made.supervisor(), bad);
      rehearse(made.supervisor());
      return new PooledSandbox(
          id,
          admission.shape(),
          spec.resources(),
          made.container(),
          made.image(),
          engine.kit(),
          made.supervisor(),
          watch,
          clock.instant());
    } catch (RuntimeException | InterruptedException e) {
      boolean interrupted = Thread.interrupted();
      remove(id, start.container());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  /**
   * Runs a program that any sandbox has, until the supervisor has compiled the code for that: the
   * first commands after a claim are as quick as later ones.
   */
  private static void rehearse(Supervisor supervisor) {
    Request.Start start =
        Request.Start.builder("/opt/caisson/init", "--version").cwd("/").user("0:0").build();
    for (int i = 0; i < REHEARSALS; i++) {
      try (Answers<Answer> answers = supervisor.open(new Request.Run(start, 1 << 10))) {
        while (answers.next() != null) {
          // To its end.
        }
      }
    }
    supervisor.ask(new Request.Forget());
  }

  /**
   * Waits until the sandbox's daemon is ready, and from then on runs {@code bad} when it no longer
   * is.
   */
  private static SandboxWatch awaitGood(SandboxId id, Supervisor supervisor, Runnable bad)
      throws InterruptedException {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Consumer<DaemonStatus> heard =
        status -> {
          switch (status.state()) {
            case READY, DISABLED -> ready.complete(null);
            case FAILED, UNSUPPORTED -> {
              if (!ready.completeExceptionally(
                  new IllegalStateException("its daemon: " + status))) {
                bad.run();
              }
            }
            default -> {
              if (ready.isDone()) {
                bad.run();
              }
            }
          }
        };
    SandboxWatch watch = new SandboxWatch(id, supervisor, heard, _ -> {});
    watch.start(_ -> {
      ready.completeExceptionally(new IllegalStateException("its supervisor is gone"));
      bad.run();
    });
    try {
      ready.get(DAEMON.toMillis(), TimeUnit.MILLISECONDS);
      return watch;
    } catch (ExecutionException | TimeoutException e) {
      watch.close();
      supervisor.close();
      throw new SupervisorException.Lost(id, "The Docker daemon did not become ready: " + e, e);
    }
  }

  /** Returns whether a new spare sandbox would have this one's image and kit. */
  public boolean isCurrent(PooledSandbox spare) {
    String image = engine.image(spare.shape().image(), _ -> {}).id();
    return image.equals(spare.image().id()) && engine.kit().equals(spare.kit());
  }

  /** Removes the sandbox; what the engine refuses now is removed at the next look at the engine. */
  public void remove(PooledSandbox spare) {
    unwatch(spare);
    spare.supervisor().close();
    remove(spare.id(), spare.container());
  }

  /** Removes a sandbox like {@link #remove}, but gives way to creates for a while. */
  public void removeInQuiet(PooledSandbox spare) {
    unwatch(spare);
    spare.supervisor().close();
    try {
      boolean _ =
          starts.remove(() -> {
            remove(spare.id(), spare.container());
            return true;
          });
    } catch (InterruptedException e) {
      // It is removed by the next start of the service.
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the watch on a sandbox that is claimed or removed. */
  static void unwatch(PooledSandbox spare) {
    try {
      spare.watch().close();
    } catch (Exception e) {
      log.atDebug().addKeyValue("sandbox", spare.id()).setCause(e).log("watch did not close");
    }
  }

  /**
   * Takes the mark of a spare one from a sandbox that is claimed and recorded: no start of the
   * service removes it as a spare.
   */
  void claimed(PooledSandbox spare) {
    marks.remove(spare.id());
  }

  private void remove(SandboxId id, @Nullable String container) {
    try {
      tasks.remove(id, container);
      marks.remove(id);
    } catch (EngineException | UncheckedIOException e) {
      log.atWarn()
          .addKeyValue("sandbox", id)
          .addKeyValue("error", e.getMessage())
          .log("a spare sandbox could not be removed, it will be at the next look at the engine");
    }
  }
}
