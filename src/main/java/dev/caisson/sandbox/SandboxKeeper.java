package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a sandbox: a thread that brings it up, keeps its record true and takes it down.
 * Everybody else only marks. After the end it keeps the record for the retention time.
 */
final class SandboxKeeper {
  private static final Logger log = LoggerFactory.getLogger(SandboxKeeper.class);

  /** Between two tries to clean up after an end that the engine refused. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** How long a supervisor whose connection broke may take to answer again. */
  private static final Duration RECONNECT = Duration.ofSeconds(5);

  /** What somebody saw or wants. */
  private sealed interface Mark {
    record End(EndReason reason, @Nullable String detail, Duration grace) implements Mark {}

    record Died() implements Mark {}

    record LinkLost() implements Mark {}

    record Daemon(DaemonStatus status) implements Mark {}

    record Moved(ProcessInfo process) implements Mark {}

    record Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done) implements Mark {}
  }

  private final SandboxWorld world;
  private final Runnable forgotten;
  private final BlockingQueue<Mark> marks = new LinkedBlockingQueue<>();
  private final SandboxEvents events = new SandboxEvents();
  private final Thread thread;

  private volatile Sandbox now;
  private volatile @Nullable Supervisor supervisor;
  private volatile Instant active;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;
  private @Nullable String container;

  /** Something was seen that the engine, when it answers again, must explain. */
  private boolean unsure;

  private boolean heardOfDaemon;
  private boolean removed;

  /** A keeper of this sandbox; {@code forgotten} is run when nothing of it is kept any more. */
  SandboxKeeper(
      SandboxWorld world, Sandbox sandbox, @Nullable String container, Runnable forgotten) {
    this.world = world;
    this.now = sandbox;
    this.container = container;
    this.forgotten = forgotten;
    this.active = world.clock().instant();
    this.thread = Thread.ofVirtual().name("sandbox-" + sandbox.id()).unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  /** Stops keeping, without touching the sandbox: the service goes, it stays. */
  void close() {
    closed = true;
    thread.interrupt();
    events.close();
    Supervisor reached = supervisor;
    if (reached != null) {
      reached.close();
    }
  }

  /** The sandbox as it is now. */
  Sandbox now() {
    Sandbox current = now;
    Duration ttl = current.spec().ttl();
    return ttl == null || current.state() != SandboxState.READY
        ? current
        : current.with(current.life().expiring(active.plus(ttl)));
  }

  SandboxEvents events() {
    return events;
  }

  /** Why it could not start, where it could not. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** Its supervisor while it is ready; waits for one that is being reached again. */
  @Nullable Supervisor supervisor() {
    try {
      if (supervisor == null && now.state() == SandboxState.READY) {
        await(
            sandbox -> supervisor != null || sandbox.state() != SandboxState.READY,
            RECONNECT.multipliedBy(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return now.state() == SandboxState.READY ? supervisor : null;
  }

  private synchronized void reached(Supervisor found) {
    supervisor = found;
    watch(found);
    notifyAll();
  }

  /** Somebody uses it. */
  void touch() {
    active = world.clock().instant();
  }

  void end(EndReason reason, @Nullable String detail, Duration grace) {
    marks.add(new Mark.End(reason, detail, grace));
    if (now.state() == SandboxState.STARTING) {
      // A pull can take minutes: it is broken off rather than waited for.
      thread.interrupt();
    }
  }

  void died() {
    marks.add(new Mark.Died());
    if (now.state() == SandboxState.STARTING) {
      // Nobody will say hello any more.
      thread.interrupt();
    }
  }

  /** Changes what was asked for, and returns when that is so, or the sandbox is over. */
  Sandbox respecify(UnaryOperator<SandboxSpec> change) throws InterruptedException {
    touch();
    AtomicBoolean done = new AtomicBoolean();
    marks.add(new Mark.Respecify(change, done));
    return await(sandbox -> done.get() || sandbox.state().isTerminal(), RECONNECT.multipliedBy(2));
  }

  /** Waits until this holds or the time is over; answers the sandbox as it is then. */
  Sandbox await(Predicate<Sandbox> until, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (this) {
      while (!until.test(now)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          break;
        }
        wait(left);
      }
    }
    return now();
  }

  private void run() {
    try {
      if (now.state() == SandboxState.STARTING) {
        start();
      } else if (now.state() == SandboxState.READY) {
        adopt();
      } else if (now.state() == SandboxState.ENDING) {
        finish();
      }
      while (!now.state().isTerminal() && !closed) {
        try {
          next();
        } catch (InterruptedException e) {
          // A start was to be broken off, but was over already: its mark waits.
        }
      }
      if (!closed) {
        retain();
      }
    } catch (InterruptedException e) {
      // The service stops; the sandbox does not.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        log.atError()
            .addKeyValue("sandbox", now.id())
            .setCause(e)
            .log("sandbox keeper gave up: the sandbox is left as it is");
      }
    }
  }

  private void start() {
    world.records().save(now, container);
    SandboxStart start = new SandboxStart(world, now, events);
    try {
      SandboxStart.Result result = start.run();
      container = result.container();
      publish(now.ready(world.clock().instant(), result.image().digest(), start.measured()));
      reached(result.supervisor());
      touch();
      log.atInfo()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("image", now.spec().image())
          .addKeyValue("isolation", now.isolation())
          .addKeyValue("total_ms", now.startup().totalMs())
          .log("sandbox is ready");
    } catch (RuntimeException e) {
      // It may be broken off because somebody wants its end, which is then the next mark.
      Thread.interrupted();
      boolean asked = marks.stream().anyMatch(Mark.End.class::isInstance);
      container = start.container();
      if (closed || asked) {
        return;
      }
      failure = e;
      log.atWarn()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("error", e.getMessage())
          .log("sandbox could not be started");
      String why = String.valueOf(e.getMessage());
      publish(
          cleanUp()
              ? now.with(now.life().failed(world.clock().instant(), why))
              : now.with(now.life().ending(EndReason.START_FAILED, why)));
    }
  }

  private void adopt() {
    try {
      reached(world.supervisors().connect(now.id(), RECONNECT));
      log.atInfo().addKeyValue("sandbox", now.id()).log("sandbox adopted");
    } catch (SupervisorException e) {
      lookAtContainer();
    }
  }

  private void next() throws InterruptedException {
    Mark mark = marks.poll(untilDue().toMillis() + 1, TimeUnit.MILLISECONDS);
    switch (mark) {
      case null -> due();
      case Mark.End(EndReason reason, String detail, Duration grace) -> end(grace, reason, detail);
      case Mark.Died _ -> lookAtContainer();
      case Mark.LinkLost _ -> reconnect();
      case Mark.Daemon(DaemonStatus status) -> daemon(status);
      case Mark.Moved(ProcessInfo process) -> process(process);
      case Mark.Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done) -> {
        publish(now.with(change.apply(now.spec())));
        synchronized (this) {
          // After the change: who sees this sees that.
          done.set(true);
          notifyAll();
        }
      }
    }
  }

  private Duration untilDue() {
    if (now.state() == SandboxState.ENDING || unsure) {
      return RETRY;
    }
    Duration ttl = now.spec().ttl();
    if (ttl == null) {
      return Duration.ofDays(1);
    }
    Duration left = Duration.between(world.clock().instant(), active.plus(ttl));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** A time came: of a ttl that is over, or of another try to clean up. */
  private void due() {
    if (now.state() == SandboxState.ENDING) {
      finish();
      return;
    }
    if (unsure) {
      lookAtContainer();
      return;
    }
    Duration ttl = now.spec().ttl();
    if (ttl == null || world.clock().instant().isBefore(active.plus(ttl))) {
      return;
    }
    Instant asked = active;
    if (isBusy()) {
      touch();
    } else if (active.equals(asked)) {
      end(world.properties().grace(), EndReason.EXPIRED, "no activity for " + ttl);
    }
  }

  /** Running processes and inner containers are activity. */
  private boolean isBusy() {
    Supervisor reached = supervisor;
    if (reached == null) {
      return true;
    }
    try {
      Answer.Activity activity = reached.ask(new Request.DescribeActivity());
      return activity.processes() + activity.containers() > 0;
    } catch (SupervisorException e) {
      // What cannot be asked is not idle; whether it is lost is seen elsewhere.
      return true;
    }
  }

  private void daemon(DaemonStatus status) {
    DaemonStatus before = heardOfDaemon ? now.daemon() : null;
    heardOfDaemon = true;
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("state", status.state());
    data.put("pid", status.pid());
    if (status.reason() != null) {
      data.put("reason", status.reason());
    }
    if (status.state() != DaemonStatus.State.DISABLED) {
      events.add(world.clock().instant(), "docker", data);
    }
    world.daemonListeners().forEach(listener -> listener.changed(now.id(), before, status));
    publish(now.with(status));
  }

  private void process(ProcessInfo process) {
    touch();
    ProcessInfo.Exit exit = process.exit();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("pid", process.pid());
    data.put("state", exit == null ? "RUNNING" : "EXITED");
    if (exit != null) {
      data.put("code", exit.code());
      data.put("cause", exit.cause());
    }
    events.add(world.clock().instant(), "process", data);
  }

  private void watch(Supervisor reached) {
    Thread.ofVirtual()
        .name("watch-" + now.id())
        .start(() -> {
          try (Answers<Answer> answers = reached.open(new Request.Watch())) {
            for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
              switch (answer) {
                case DaemonStatus status -> marks.add(new Mark.Daemon(status));
                case ProcessInfo process -> marks.add(new Mark.Moved(process));
                case Answer.ProbeFailed(String error) ->
                    log.atDebug()
                        .addKeyValue("sandbox", now.id())
                        .addKeyValue("error", error)
                        .log("failed to execute socket check");
                case Answer.Simple _, FileInfo _ -> {
                  // A newer supervisor may tell more than is known here.
                }
              }
            }
          } catch (SupervisorException e) {
            log.atDebug()
                .addKeyValue("sandbox", now.id())
                .addKeyValue("error", e.getMessage())
                .log("watch ended");
          }
          marks.add(new Mark.LinkLost());
        });
  }

  private void reconnect() {
    if (now.state() != SandboxState.READY || closed) {
      return;
    }
    closeSupervisor();
    try {
      reached(world.supervisors().connect(now.id(), RECONNECT));
    } catch (SupervisorException e) {
      lookAtContainer();
    }
  }

  /** Its supervisor is gone, or its container is said to be: the engine knows. */
  private void lookAtContainer() {
    if (now.state() != SandboxState.READY) {
      return;
    }
    Engine.Found found;
    try {
      found = container == null ? null : world.engine().find(container);
      unsure = false;
    } catch (EngineException e) {
      // A lost engine is not a lost sandbox.
      unsure = true;
      return;
    }
    if (found == null) {
      end(Duration.ZERO, EndReason.ENGINE_LOST, "its container is gone from the engine");
    } else if (!found.running()) {
      boolean memory = found.outOfMemory() && found.exitCode() == 137;
      end(
          Duration.ZERO,
          memory ? EndReason.OUT_OF_MEMORY : EndReason.SUPERVISOR_LOST,
          "its container ended with exit code " + found.exitCode());
    } else if (supervisor == null) {
      end(Duration.ZERO, EndReason.SUPERVISOR_LOST, "its supervisor does not answer");
    }
  }

  private void end(Duration grace, EndReason reason, @Nullable String detail) {
    if (now.state() == SandboxState.ENDING) {
      return;
    }
    publish(now.with(now.life().ending(reason, detail)));
    Supervisor reached = supervisor;
    if (reached != null && grace.isPositive()) {
      try {
        reached.ask(new Request.Shutdown(grace.toMillis()));
      } catch (SupervisorException e) {
        // It may have gone with its last process; the engine ends the rest.
        log.atDebug()
            .addKeyValue("sandbox", now.id())
            .addKeyValue("error", e.getMessage())
            .log("supervisor did not say it was done");
      }
    }
    closeSupervisor();
    finish();
  }

  private void finish() {
    if (cleanUp()) {
      publish(now.with(now.life().ended(world.clock().instant())));
      log.atInfo()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("reason", now.reason())
          .log("sandbox has ended");
    }
  }

  /** Whether nothing of it is left on the engine; if not, it is tried again. */
  private boolean cleanUp() {
    String made = container;
    try {
      if (made != null && !removed) {
        archive(made);
        world.engine().remove(made);
        removed = true;
      }
      world.supervisors().forget(now.id());
      return true;
    } catch (EngineException | UncheckedIOException e) {
      world.meters().counter("caisson.sandbox.cleanup.failures").increment();
      log.atWarn()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("error", e.getMessage())
          .log("sandbox could not be cleaned up, will be tried again");
      return false;
    }
  }

  private void archive(String made) {
    try {
      world.archive().take(world.engine(), made, world.records().archive(now.id()));
    } catch (EngineException.Refused e) {
      // 404: it never ran a process, or never ran.
      log.atDebug()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("error", e.getMessage())
          .log("nothing to archive");
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("sandbox", now.id())
          .setCause(e)
          .log("output could not be archived whole");
    }
  }

  private void closeSupervisor() {
    Supervisor reached = supervisor;
    supervisor = null;
    if (reached != null) {
      reached.close();
    }
  }

  private void retain() throws InterruptedException {
    events.close();
    Instant endedAt = now.life().endedAt();
    Instant ended = endedAt == null ? world.clock().instant() : endedAt;
    Instant until = ended.plus(world.properties().retention());
    while (world.clock().instant().isBefore(until)) {
      marks.poll(
          Duration.between(world.clock().instant(), until).toMillis() + 1, TimeUnit.MILLISECONDS);
    }
    world.records().forget(now.id());
    forgotten.run();
  }

  /** Makes a change known: to the record first, then to whoever waits. */
  private void publish(Sandbox next) {
    boolean moved = next.state() != now.state();
    if (moved || !next.spec().equals(now.spec())) {
      world.records().save(next, container);
    }
    synchronized (this) {
      now = next;
      notifyAll();
    }
    if (moved) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("state", next.state());
      if (next.reason() != null) {
        data.put("reason", next.reason());
      }
      events.add(world.clock().instant(), "sandbox", data);
    }
  }
}
