package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.time.Duration;
import java.time.Instant;
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
 * Everybody else only marks. It is done when nothing of the sandbox is left but its record.
 */
final class SandboxKeeper {
  private static final Logger log = LoggerFactory.getLogger(SandboxKeeper.class);

  /** Between two tries to clean up after an end that the engine refused. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** From the end of a supervisor to that of its container, which alone tells why. */
  private static final Duration LAST_BREATH = Duration.ofSeconds(2);

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
  private final Runnable over;
  private final BlockingQueue<Mark> marks = new LinkedBlockingQueue<>();
  private final Expiry expiry;
  private final Logbook logbook;
  private final SandboxEnding ending;
  private final Thread thread;

  private volatile Sandbox now;
  private volatile @Nullable Supervisor supervisor;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;
  private volatile @Nullable String container;

  /** Why it is not one that was up before. */
  private @Nullable String miss;

  /** Something was seen that the engine, when it answers again, must explain. */
  private boolean unsure;

  /** Its supervisor does not answer, and its container still runs. */
  private boolean suspected;

  private boolean heardOfDaemon;

  private DiskLevel disk = DiskLevel.OK;

  /** A keeper of this sandbox; {@code over} is run when it has ended and its record says so. */
  SandboxKeeper(SandboxWorld world, Sandbox sandbox, @Nullable String container, Runnable over) {
    this.world = world;
    this.now = sandbox;
    this.container = container;
    this.over = over;
    this.expiry = new Expiry(world.clock());
    this.logbook = world.history().logbook(sandbox.id());
    this.ending = new SandboxEnding(world, sandbox.id(), logbook);
    this.thread = Thread.ofVirtual().name("sandbox-" + sandbox.id()).unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  /** The same, where it must be started and a pool might have had it. */
  void begin(@Nullable String whyNotPooled) {
    miss = whyNotPooled;
    thread.start();
  }

  /** The same, where it is up already and this is its supervisor. */
  void begin(Supervisor found) {
    touch();
    reached(found);
    thread.start();
  }

  /** The engine's id of its container; null while there is none. */
  @Nullable String container() {
    return container;
  }

  /** Stops keeping, without touching the sandbox: the service goes, it stays. */
  void close() {
    closed = true;
    thread.interrupt();
    Supervisor reached = supervisor;
    if (reached != null) {
      reached.close();
    }
  }

  /** The sandbox as it is now. */
  Sandbox now() {
    return expiry.on(now);
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
    suspected = false;
    supervisor = found;
    new SandboxWatch(
            now.id(),
            found,
            status -> marks.add(new Mark.Daemon(status)),
            process -> marks.add(new Mark.Moved(process)))
        .start(() -> marks.add(new Mark.LinkLost()));
    notifyAll();
  }

  /** Somebody uses it. */
  void touch() {
    expiry.touch();
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
      switch (now.state()) {
        case STARTING -> start();
        case READY -> {
          if (supervisor == null) {
            adopt();
          }
        }
        case ENDING -> takeUpEnding();
        case ENDED, FAILED -> {}
      }
      while (!now.state().isTerminal() && !closed) {
        try {
          next();
        } catch (InterruptedException e) {
          // A start was to be broken off, but was over already: its mark waits.
        }
      }
      if (!closed) {
        over.run();
      }
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
    SandboxSpec spec = now.spec();
    SandboxStart start =
        new SandboxStart(
            world, now.id(), spec, now.isolation(), line -> logbook.pulling(spec.image(), line));
    world.starts().begin();
    try {
      SandboxStart.Result result = start.run(true);
      container = result.container();
      publish(now.ready(world.clock().instant(), result.image().digest(), start.measured(miss)));
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
          ending.cleanUp(container)
              ? now.with(now.life().failed(world.clock().instant(), why))
              : now.with(now.life().ending(EndReason.START_FAILED, why)));
    } finally {
      world.starts().end();
    }
  }

  private void takeUpEnding() {
    logbook.recall();
    finish();
  }

  private void adopt() {
    logbook.recall();
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
        expiry.touch();
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
    if (suspected) {
      return LAST_BREATH;
    }
    return expiry.left(now.spec().ttl());
  }

  /** A time came: of a ttl that is over, or of another try to clean up. */
  private void due() {
    if (now.state() == SandboxState.ENDING) {
      finish();
      return;
    }
    if (unsure || suspected) {
      lookAtContainer();
      return;
    }
    Duration ttl = now.spec().ttl();
    if (ttl == null || !expiry.left(ttl).isZero()) {
      return;
    }
    Instant asked = expiry.lastUse();
    if (isBusy()) {
      touch();
    } else if (expiry.lastUse().equals(asked)) {
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
    boolean moved =
        before == null || before.state() != status.state() || before.pid() != status.pid();
    if (moved && status.state() != DaemonStatus.State.DISABLED) {
      logbook.daemon(status);
    }
    DiskLevel level = disk.next(status.disk(), world.properties().docker().diskWarning());
    if (level != disk && status.disk() != null) {
      disk = level;
      logbook.disk(level, status.disk());
    }
    world.daemonListeners().forEach(listener -> listener.changed(now.id(), before, status));
    publish(now.with(status));
  }

  private void process(ProcessInfo process) {
    touch();
    logbook.saw(process);
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
    } else if (supervisor == null && suspected) {
      end(Duration.ZERO, EndReason.SUPERVISOR_LOST, "its supervisor does not answer");
    } else {
      suspected = supervisor == null;
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
    if (ending.cleanUp(container)) {
      publish(now.with(now.life().ended(world.clock().instant())));
      log.atInfo()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("reason", now.reason())
          .log("sandbox has ended");
    }
  }

  private void closeSupervisor() {
    Supervisor reached = supervisor;
    supervisor = null;
    if (reached != null) {
      reached.close();
    }
  }

  /** Makes a change known: to the record first, then to whoever waits, then to who reads events. */
  private void publish(Sandbox next) {
    boolean moved = next.state() != now.state();
    if (moved || !next.spec().equals(now.spec())) {
      logbook.save(expiry.on(next), container, () -> show(next));
    } else {
      show(next);
    }
  }

  private synchronized void show(Sandbox next) {
    now = next;
    notifyAll();
  }
}
