package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxErrorCode;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a sandbox: a thread that brings it up, keeps its record true and takes it down.
 * All other threads only add events. It is done when nothing of the sandbox is left but its record.
 */
final class SandboxReconciler {
  private static final Logger log = LoggerFactory.getLogger(SandboxReconciler.class);
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  /** The time until a sandbox is looked at for which an event should have come, and did not. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The longest time a caller waits for a supervisor that is being reached again. */
  private static final Duration REACH = SandboxContact.RECONNECT.multipliedBy(2);

  private final SandboxTasks tasks;
  private final SandboxHistory logbook;
  private final DaemonChanges daemon;
  private final ColdStarts starts;
  private final Attempts attempts;
  private final Clock clock;
  private final Duration expiryGrace;
  private final Runnable over;
  private final Inbox inbox = new Inbox();
  private final Expiry expiry;
  private final SandboxContact contact;
  private final SandboxEnding ending;
  private final Thread thread;

  private volatile Sandbox now;
  private volatile @Nullable Supervisor supervisor;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;
  private volatile boolean waitsOver;

  /**
   * The time until which the sandbox's processes may end by themselves; null outside of that grace.
   */
  private volatile @Nullable Instant graceUntil;

  private volatile @Nullable String container;

  /**
   * The reason why the sandbox was not taken from a pool, which might have had it; null otherwise.
   */
  private @Nullable String miss;

  /** The place of its start in the queue; null where it was not this service that began it. */
  private ColdStarts.@Nullable Place place;

  /** True once its processes are known to have ended, so that its removal can wait. */
  private boolean isStill;

  /** True while its removal waits for a quiet moment. */
  private volatile boolean givesWay;

  /** A requested end that could not be begun yet. */
  private ReconcilerEvent.@Nullable End wanted;

  /**
   * Creates a reconciler of this sandbox, whose thread is still to be begun.
   *
   * @param container the engine's id of the sandbox's container; null while there is none
   * @param expiryGrace the time that processes get to end by themselves when the sandbox expires
   * @param over run when the sandbox has ended and its record says so
   */
  SandboxReconciler(
      SandboxTasks tasks,
      SandboxHistory logbook,
      DaemonChanges daemon,
      ColdStarts starts,
      Attempts attempts,
      Clock clock,
      Duration expiryGrace,
      Sandbox sandbox,
      @Nullable String container,
      Runnable over) {
    this.tasks = tasks;
    this.logbook = logbook;
    this.daemon = daemon;
    this.starts = starts;
    this.attempts = attempts;
    this.clock = clock;
    this.expiryGrace = expiryGrace;
    this.now = sandbox;
    this.container = container;
    this.over = over;
    this.expiry = new Expiry(clock);
    this.contact = tasks.contact(sandbox.id());
    this.ending = tasks.ending(sandbox.id(), logbook);
    this.thread = Thread.ofVirtual().name("sandbox-" + sandbox.id()).unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  /**
   * Begins to keep a sandbox that must be started, and that a pool might have had.
   *
   * @param own its place in the queue, which is closed when the start is over
   */
  void begin(@Nullable String whyNotPooled, ColdStarts.Place own) {
    miss = whyNotPooled;
    place = own;
    thread.start();
  }

  /** Begins to keep a sandbox that is up already and has this supervisor. */
  void begin(Supervisor found) {
    touch();
    reached(found);
    thread.start();
  }

  /** Returns the engine's id of the sandbox's container; null while there is none. */
  @Nullable String container() {
    return container;
  }

  /** Stops keeping, without touching the sandbox: the service goes, the sandbox stays. */
  void close() {
    closed = true;
    attempts.close();
    ending.close();
    endWaits();
    thread.interrupt();
    Supervisor reached = supervisor;
    if (reached != null) {
      reached.close();
    }
  }

  /** Ends what callers wait for: the service is about to stop. */
  synchronized void endWaits() {
    waitsOver = true;
    notifyAll();
  }

  /**
   * Returns the sandbox as it is now; while it ends, with a warning that says what the end is at.
   */
  Sandbox now() {
    Sandbox shown = expiry.on(now);
    String work = shown.state() == SandboxState.ENDING ? work() : null;
    return work == null ? shown : shown.warned(List.of(work));
  }

  private @Nullable String work() {
    Instant until = graceUntil;
    if (givesWay) {
      return "its end is at work: it waits for a moment in which no sandbox is started";
    }
    return until == null
        ? ending.progress()
        : "its end is at work: its processes have until " + until + " to end by themselves";
  }

  /** Returns why the sandbox could not start; null where it could. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /**
   * Returns the supervisor while the sandbox is ready, else null; waits up to 10 s for one that is
   * being reached again.
   */
  @Nullable Supervisor awaitSupervisor() {
    try {
      if (supervisor == null && now.state() == SandboxState.READY) {
        await(sandbox -> supervisor != null || sandbox.state() != SandboxState.READY, REACH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return now.state() == SandboxState.READY ? supervisor : null;
  }

  private synchronized void reached(Supervisor found) {
    contact.reached();
    supervisor = found;
    new SandboxWatch(now.id(), found, inbox::push, inbox::push).start(this::watchIsOver);
    notifyAll();
  }

  private void watchIsOver(@Nullable String untrusted) {
    if (untrusted == null) {
      inbox.add(new ReconcilerEvent.LinkLost());
    } else {
      SandboxContact.Loss loss = SandboxContact.Loss.untrusted(untrusted);
      inbox.add(new ReconcilerEvent.End(loss.reason(), loss.detail(), Duration.ZERO));
    }
  }

  /** Records a use of the sandbox: its ttl begins anew. */
  void touch() {
    expiry.touch();
  }

  void end(EndReason reason, @Nullable String detail, Duration grace) {
    inbox.add(new ReconcilerEvent.End(reason, detail, grace));
    if (now.state() == SandboxState.STARTING) {
      // A pull can take minutes: it is broken off rather than waited for.
      thread.interrupt();
    }
    hurry(grace);
  }

  /** Shortens the grace of an end under way, if the new one ends sooner. */
  private void hurry(Duration grace) {
    Instant until = graceUntil;
    Supervisor asked = supervisor;
    if (until != null && asked != null && clock.instant().plus(grace).isBefore(until)) {
      CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS, THREADS)
          .execute(asked::close);
    }
  }

  void died() {
    inbox.add(new ReconcilerEvent.Died());
    if (now.state() == SandboxState.STARTING) {
      // No supervisor will say hello any more.
      thread.interrupt();
    }
  }

  /**
   * Changes the sandbox's spec, and returns when that is done, or the sandbox is over, or the time
   * for it has passed.
   */
  Sandbox respecify(UnaryOperator<SandboxSpec> change) throws InterruptedException {
    touch();
    AtomicBoolean done = new AtomicBoolean();
    ReconcilerEvent wish = new ReconcilerEvent.Respecify(change, done);
    inbox.add(wish);
    try {
      return awaitForCaller(sandbox -> done.get() || sandbox.state().isTerminal(), REACH);
    } finally {
      inbox.remove(wish);
    }
  }

  /**
   * Waits like {@link #await}, on behalf of a caller of the service.
   *
   * @throws SandboxException.ServiceStopping if the service stops before
   */
  Sandbox awaitForCaller(Predicate<Sandbox> until, Duration timeout) throws InterruptedException {
    Sandbox reached = await(sandbox -> waitsOver || until.test(sandbox), timeout);
    if (waitsOver && !until.test(reached)) {
      throw new SandboxException.ServiceStopping();
    }
    return reached;
  }

  /** Waits until this holds or the time is over; returns the sandbox as it is then. */
  Sandbox await(Predicate<Sandbox> until, Duration timeout) throws InterruptedException {
    Deadline end = Deadline.in(timeout);
    synchronized (this) {
      while (!until.test(now) && !end.isOver()) {
        end.waitOn(this);
      }
    }
    return now();
  }

  private void run() {
    attempts.run("begin", this::takeUp);
    while (!now.state().isTerminal() && !closed) {
      try {
        ReconcilerEvent mark = inbox.poll(untilDue());
        if (mark == null) {
          attempts.run("due", this::due);
        } else {
          attempts.run(mark.word(), () -> heed(mark));
        }
      } catch (InterruptedException e) {
        // A start was to be broken off, but was over already: its event waits.
      }
    }
    inbox.ignoreSupervisor();
    closeSupervisor();
    if (!closed) {
      attempts.run("over", over);
    }
  }

  private void takeUp() {
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
  }

  private void start() {
    SandboxSpec spec = now.spec();
    ColdStarts.Place own = Objects.requireNonNull(place);
    SandboxStart start =
        tasks.start(
            now.id(),
            spec,
            now.isolation(),
            own::awaitTurn,
            line -> {
              own.stepAside();
              logbook.pulling(spec.image(), line);
            });
    try {
      SandboxStart.Result result;
      try (own) {
        result = start.run(true);
      }
      container = result.container();
      publish(now.ready(clock.instant(), result.image().digest(), start.measured(miss)));
      reached(result.supervisor());
      touch();
      log.atInfo()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("image", now.spec().image())
          .addKeyValue("isolation", now.isolation())
          .addKeyValue("total_ms", now.startup().totalMs())
          .log("sandbox is ready");
    } catch (RuntimeException | Error e) {
      // It may be broken off because its end is requested, which is then the next event.
      Thread.interrupted();
      container = start.container();
      if (closed || inbox.hasEnd()) {
        return;
      }
      failure =
          e instanceof RuntimeException known
              ? known
              : new SandboxException.StartFailed(
                  now.id(), SandboxErrorCode.START_FAILED, e.toString(), e);
      log.atWarn()
          .addKeyValue("sandbox", now.id())
          .addKeyValue("error", e.getMessage())
          .log("sandbox could not be started");
      String why = String.valueOf(e.getMessage());
      publish(
          ending.cleanUp(container, EndReason.START_FAILED)
              ? now.with(now.life().failed(clock.instant(), why)).warned(ending.notes())
              : now.with(now.life().ending(EndReason.START_FAILED, why)));
    }
  }

  private void takeUpEnding() {
    logbook.recall();
    finish();
  }

  private void adopt() {
    logbook.recall();
    try {
      reached(contact.connect());
      log.atInfo().addKeyValue("sandbox", now.id()).log("sandbox adopted");
    } catch (SupervisorException.Untrusted e) {
      end(SandboxContact.Loss.untrusted(e.getMessage()));
    } catch (SupervisorException e) {
      lookAtContainer();
    }
  }

  private void heed(ReconcilerEvent mark) {
    switch (mark) {
      case ReconcilerEvent.End end -> {
        wanted = end;
        begin(end);
      }
      case ReconcilerEvent.Died _ -> lookAtContainer();
      case ReconcilerEvent.LinkLost _ -> reconnect();
      case ReconcilerEvent.Daemon(DaemonStatus status) -> {
        daemon.changed(now.daemon(), status);
        publish(now.with(status));
      }
      case ReconcilerEvent.Moved(ProcessInfo process) -> process(process);
      case ReconcilerEvent.Respecify(UnaryOperator<SandboxSpec> change, AtomicBoolean done) -> {
        expiry.touch();
        publish(now.with(change.apply(now.spec())));
        synchronized (this) {
          // After the change: a thread that sees this sees that.
          done.set(true);
          notifyAll();
        }
      }
    }
  }

  private void begin(ReconcilerEvent.End end) {
    end(end.grace(), end.reason(), end.detail());
    wanted = null;
  }

  private Duration untilDue() {
    Duration paused = attempts.left();
    if (paused != null) {
      return paused;
    }
    return switch (now.state()) {
      // Nothing is left to be done but what fails, or begins as soon as its event is read.
      case STARTING, ENDING, ENDED, FAILED -> LOOK;
      case READY ->
          Objects.requireNonNullElseGet(
              contact.pause(supervisor != null), () -> expiry.left(now.spec().ttl()));
    };
  }

  /**
   * Does what is due without an event: the end for a ttl that is over, another try at what failed,
   * another look at a sandbox that may be lost.
   */
  private void due() {
    if (now.state() == SandboxState.ENDING) {
      finish();
      return;
    }
    attempts.rested();
    if (wanted != null) {
      begin(wanted);
      return;
    }
    if (now.state() == SandboxState.STARTING) {
      end(Duration.ZERO, EndReason.START_FAILED, "its start was given up");
      return;
    }
    if (contact.isInDoubt()) {
      lookAtContainer();
      return;
    }
    if (supervisor == null) {
      reconnect();
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
      end(expiryGrace, EndReason.EXPIRED, "no activity for " + ttl);
    }
  }

  /**
   * Returns whether processes or inner containers run, which are activity; true where the
   * supervisor cannot be asked.
   */
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

  private void process(ProcessInfo process) {
    touch();
    logbook.saw(process);
  }

  private void reconnect() {
    if (now.state() != SandboxState.READY || closed) {
      return;
    }
    closeSupervisor();
    SandboxContact.Loss tooOften = contact.broke();
    if (tooOften != null) {
      end(tooOften);
      return;
    }
    try {
      reached(contact.connect());
    } catch (SupervisorException.Untrusted e) {
      end(SandboxContact.Loss.untrusted(e.getMessage()));
    } catch (SupervisorException e) {
      lookAtContainer();
    }
  }

  /**
   * Asks the engine what became of a sandbox whose supervisor is gone, or whose container is
   * reported to have ended; ends the sandbox if it is lost.
   */
  private void lookAtContainer() {
    if (now.state() != SandboxState.READY) {
      return;
    }
    SandboxContact.Loss loss = contact.look(container, supervisor != null);
    if (loss != null) {
      end(loss);
    }
  }

  private void end(SandboxContact.Loss loss) {
    end(Duration.ZERO, loss.reason(), loss.detail());
  }

  private void end(Duration grace, EndReason reason, @Nullable String detail) {
    if (now.state() == SandboxState.ENDING) {
      return;
    }
    publish(now.with(now.life().ending(reason, detail)));
    inbox.ignoreSupervisor();
    Supervisor reached = supervisor;
    if (reached != null && grace.isPositive()) {
      graceUntil = clock.instant().plus(grace);
      try {
        reached.ask(new Request.Shutdown(grace.toMillis()));
        isStill = true;
      } catch (SupervisorException e) {
        // It may have gone with its last process; the engine ends the rest.
        log.atDebug()
            .addKeyValue("sandbox", now.id())
            .addKeyValue("error", e.getMessage())
            .log("supervisor did not say it was done");
      } finally {
        graceUntil = null;
      }
    }
    closeSupervisor();
    finish();
  }

  private void finish() {
    EndReason reason = now.reason() == null ? EndReason.TERMINATED : now.reason();
    if (!isCleanedUp(reason)) {
      attempts.rest();
      return;
    }
    publish(now.with(now.life().ended(clock.instant())).warned(ending.notes()));
    log.atInfo()
        .addKeyValue("sandbox", now.id())
        .addKeyValue("reason", now.reason())
        .log("sandbox has ended");
  }

  /**
   * Cleans up, in a quiet moment if nothing runs in the sandbox any more; returns whether nothing
   * is left to be done.
   */
  private boolean isCleanedUp(EndReason reason) {
    if (!isStill || reason == EndReason.DISK_FULL) {
      // What runs must end now, and what fills the disk must go.
      return ending.cleanUp(container, reason);
    }
    givesWay = true;
    try {
      return starts.remove(() -> {
        givesWay = false;
        return ending.cleanUp(container, reason);
      });
    } catch (InterruptedException e) {
      // The service stops, and its next start goes on with this; or a start was to be broken off.
      return !closed && ending.cleanUp(container, reason);
    } finally {
      givesWay = false;
    }
  }

  private void closeSupervisor() {
    Supervisor reached = supervisor;
    supervisor = null;
    if (reached != null) {
      reached.close();
    }
  }

  /**
   * Makes a change known: to the record first, then to threads that wait, then to readers of
   * events.
   */
  private void publish(Sandbox next) {
    boolean moved = next.state() != now.state();
    if (moved || !next.spec().equals(now.spec())) {
      save(next);
    } else {
      show(next);
    }
  }

  private void save(Sandbox next) {
    try {
      logbook.save(expiry.on(next), container, () -> show(next));
    } catch (SandboxException.RecordsAway e) {
      throw e;
    } catch (RuntimeException e) {
      // Only its daemon's status came from the sandbox; that must not keep it from its end.
      attempts.failed("save", e);
      Sandbox plain = next.with(Sandboxes.unheard(next.spec().docker(), clock.instant()));
      logbook.save(expiry.on(plain), container, () -> show(plain));
    }
  }

  private synchronized void show(Sandbox next) {
    now = next;
    notifyAll();
  }
}
