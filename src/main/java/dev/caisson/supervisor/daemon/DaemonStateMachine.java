package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.daemon.Units.Unit;
import dev.caisson.supervisor.wire.DaemonRun;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request.DaemonCommand;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of containerd and dockerd: turns what happens into events, follows the table,
 * does what it says and reports every change once, in order.
 *
 * <p>Both are started together: dockerd needs 100 ms to get to its first question to containerd,
 * which listens after 50 ms, and where it does not, dockerd looks again every 10 ms.
 *
 * <p>Belongs to one thread, {@link DaemonSupervisor}'s.
 */
final class DaemonStateMachine {

  /** The longest time that a daemon may take to end after TERM. */
  static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration ALIVE_EVERY = Duration.ofSeconds(10);

  /**
   * The pause between questions to a mute daemon, short so that its return is noticed when it
   * happens.
   */
  private static final Duration MUTE_EVERY = Duration.ofSeconds(1);

  private static final int TAIL_LINES = 20;
  private static final int HISTORY_LINES = 10;
  private static final int HISTORY_CHARACTERS = 2000;

  private final DaemonUnits lines;
  private final DaemonFiles files;
  private final DaemonStacks stacks;
  private final DaemonPatience patience;
  private final Readiness readiness;
  private final Units.Ended ended;
  private final Clock clock;
  private final Consumer<DaemonStatus> listener;

  private final DaemonProcess containerd;
  private final DaemonProcess dockerd;
  private final DaemonQuestions questions;
  private final DaemonSilence silence = new DaemonSilence();
  private final DaemonBudget budget = new DaemonBudget();
  private final DaemonHistory history = new DaemonHistory();
  private final Queue<DaemonEvent> pending = new ArrayDeque<>();

  private DaemonPhase phase = DaemonPhase.STOPPED;
  private DaemonPhase phaseBefore = DaemonPhase.STOPPED;
  private boolean wanted;
  private boolean legacyFirewall;
  private boolean moving;
  private @Nullable Instant timer;
  private long readyAfterMillis;
  private int restarts;
  private @Nullable String version;
  private ProcessInfo.@Nullable Exit lastExit;
  private @Nullable String reason;
  private @Nullable String logTail;
  private @Nullable DiskUse disk;
  private volatile DaemonStatus status;

  /**
   * @param ended marks an exit, to be handed back by {@link #ended(long, ProcessInfo.Exit)}
   * @param listener called at every change, and at nothing else
   */
  DaemonStateMachine(
      Units units,
      DaemonUnits lines,
      DaemonFiles files,
      DaemonStacks stacks,
      DaemonPatience patience,
      Readiness readiness,
      Prober prober,
      Units.Ended ended,
      Clock clock,
      Consumer<DaemonStatus> listener) {
    this.containerd = new DaemonProcess(Units.CONTAINERD, units);
    this.dockerd = new DaemonProcess(Units.DOCKERD, units);
    this.questions = new DaemonQuestions(prober);
    this.lines = lines;
    this.files = files;
    this.stacks = stacks;
    this.patience = patience;
    this.readiness = readiness;
    this.ended = ended;
    this.clock = clock;
    this.listener = listener;
    this.status = look(micros(clock.instant()));
  }

  /** The check whether the sandbox can run a daemon at all. */
  @FunctionalInterface
  interface Readiness {

    /** Returns the reason why the sandbox cannot run a daemon, or null when all is prepared. */
    @Nullable String obstacle();
  }

  /** The prober, which asks the daemon in another thread, and marks the answer. */
  @FunctionalInterface
  interface Prober {

    /**
     * Asks a question and returns at once.
     *
     * @param run what the answer is to be marked with; a question of an earlier run is dropped
     */
    void ask(long run, ProbeQuestion question);
  }

  /** Returns the status last reported; from any thread. */
  DaemonStatus status() {
    return status;
  }

  boolean rests() {
    return phase.rests();
  }

  void want(DaemonCommand command) {
    wanted = command != DaemonCommand.STOP;
    raise(
        switch (command) {
          case START -> DaemonEvent.WANT_UP;
          case STOP -> DaemonEvent.WANT_DOWN;
          case RESTART -> DaemonEvent.WANT_RESTART;
        });
  }

  void ended(long pid, ProcessInfo.Exit exit) {
    if (pid == dockerd.pid()) {
      ended(dockerd, exit);
      raise(DaemonEvent.DOCKERD_EXITED);
    } else if (pid == containerd.pid()) {
      ended(containerd, exit);
      raise(DaemonEvent.CONTAINERD_EXITED);
    }
  }

  private void ended(DaemonProcess daemon, ProcessInfo.Exit exit) {
    long pid = daemon.pid();
    daemon.ended();
    explain(daemon, exit);
    remember(daemon, pid, exit);
  }

  /** Notes a change of the disk space that the daemon's data takes. */
  void disk(DiskUse use) {
    disk = use;
    tell();
  }

  /** Notes that an answer came. */
  void answered(long run, String version) {
    if (concerns(run)) {
      this.version = version;
      Instant now = clock.instant();
      budget.ready(now);
      if (readyAfterMillis == 0) {
        readyAfterMillis = Math.max(1, Duration.between(dockerd.startedAt(), now).toMillis());
        files.openSocket();
      }
      questions.askAt(now.plus(ALIVE_EVERY));
      history.back(micros(now));
      reason = null;
      logTail = null;
      raise(DaemonEvent.ANSWERED);
    }
  }

  /** Notes that no answer came in time. */
  void silent(long run, ProbeQuestion question) {
    if (concerns(run)) {
      questions.askAt(clock.instant().plus(MUTE_EVERY));
      reason =
          question == ProbeQuestion.RECONNECT
              ? "dockerd (pid %d) did not find containerd again within %d s"
                  .formatted(dockerd.pid(), question.patience().toSeconds())
              : "dockerd (pid %d) is alive but did not answer within %d s"
                  .formatted(dockerd.pid(), question.patience().toSeconds());
      logTail = dockerd.tail(TAIL_LINES);
      raise(DaemonEvent.SILENT);
    }
  }

  private boolean concerns(long run) {
    return questions.settle(run) && phase.listens();
  }

  /** Returns the time at which {@link #tick()} has something to do, or null. */
  @Nullable Instant due() {
    Instant question = nextQuestion();
    if (timer == null || question == null) {
      return timer == null ? question : timer;
    }
    return timer.isBefore(question) ? timer : question;
  }

  /** Does what is due. */
  void tick() {
    Instant now = clock.instant();
    if (timer != null && !timer.isAfter(now)) {
      timer = null;
      raise(DaemonEvent.TIMER);
    }
    Instant question = nextQuestion();
    if (question != null && !question.isAfter(now)) {
      questions.ask(ProbeQuestion.ALIVE);
    }
  }

  private @Nullable Instant nextQuestion() {
    return switch (phase) {
      case READY, MUTE, DUMPING -> questions.due();
      default -> null;
    };
  }

  /**
   * Raises an event. One that an action raises comes after that action: each event finds the phase
   * that the one before has left.
   */
  private void raise(DaemonEvent event) {
    pending.add(event);
    if (moving) {
      return;
    }
    moving = true;
    try {
      for (DaemonEvent next = pending.poll(); next != null; next = pending.poll()) {
        DaemonTransitions.Move move = DaemonTransitions.next(phase, next);
        phaseBefore = phase;
        phase = move.phase();
        move.actions().forEach(this::act);
      }
    } finally {
      moving = false;
    }
    // Told when it has come to rest: what was passed on the way was never so.
    tell();
  }

  private void act(DaemonAction action) {
    switch (action) {
      case START -> start();
      case START_AGAIN -> {
        restarts++;
        start();
      }
      case BACK_OFF -> backOff();
      case FORGIVE -> budget.forgive();
      case BE_PATIENT -> {
        Instant now = clock.instant();
        silence.begin(now);
        timer = now.plus(patience.of(readyAfterMillis > 0));
      }
      case CALM_DOWN -> timer = null;
      case DUMP -> {
        Instant now = clock.instant();
        silence.dumping(now);
        timer = now.plus(DaemonPatience.DUMP);
        dockerd.signal("USR1");
      }
      case END_MUTE -> endMute();
      case TERM_DOCKERD -> terminate(dockerd);
      case TERM_CONTAINERD -> terminate(containerd);
      case KILL_DOCKERD -> dockerd.signal("KILL");
      case KILL_CONTAINERD -> containerd.signal("KILL");
    }
  }

  private void start() {
    timer = null;
    reason = null;
    logTail = null;
    questions.beginRun();
    if (!dockerd.runs()) {
      // Each time: what a daemon has unmounted when it ended is mounted again.
      String obstacle = readiness.obstacle();
      if (obstacle != null && !containerd.runs()) {
        reason = obstacle;
        raise(DaemonEvent.CANNOT);
        return;
      }
    }
    if (!containerd.runs()) {
      files.forgetContainerd();
      start(containerd, lines.containerd(), DaemonEvent.CONTAINERD_EXITED);
    }
    if (!dockerd.runs()) {
      files.forgetDockerd();
      readyAfterMillis = 0;
      silence.forget();
      start(dockerd, lines.dockerd(legacyFirewall), DaemonEvent.DOCKERD_EXITED);
    }
    if (dockerd.runs() && containerd.runs()) {
      questions.ask(
          phase == DaemonPhase.RECONNECTING ? ProbeQuestion.RECONNECT : ProbeQuestion.START);
    }
  }

  /** Starts a daemon; a refused start is an exit, as far as the table is concerned. */
  private void start(DaemonProcess daemon, Unit line, DaemonEvent refused) {
    try {
      daemon.start(line, ended, clock.instant());
      files.protect(daemon.pid());
    } catch (UnitRefusedException e) {
      reason = daemon.unit() + " could not be started: " + e.code() + ", " + e.getMessage();
      long now = micros(clock.instant());
      history.add(
          DaemonRun.builder(daemon.unit(), DaemonRun.Cause.NOT_STARTED)
              .startedAt(now)
              .endedAt(now)
              .reason(reason)
              .build());
      raise(refused);
    }
  }

  private void backOff() {
    Duration wait =
        budget.grant(
            clock.instant(), silence.hasEnded() ? DaemonBudget.MUTE_WINDOW : DaemonBudget.WINDOW);
    if (wait == null) {
      timer = null;
      reason = "given up after %d restarts; the last: %s".formatted(budget.used(), reason);
      raise(DaemonEvent.EXHAUSTED);
    } else {
      timer = clock.instant().plus(wait);
    }
  }

  private void terminate(DaemonProcess daemon) {
    timer = clock.instant().plus(GRACE);
    daemon.signal("TERM");
    if (files.isStopped(daemon.pid())) {
      // It hears TERM only when it goes on.
      daemon.signal("CONT");
    }
  }

  /** Records what is known of dockerd's silence, and asks it to end. */
  private void endMute() {
    silence.end();
    if (phaseBefore == DaemonPhase.DUMPING) {
      silence.find(stacks);
      String stopped = files.isStopped(dockerd.pid()) ? "; it was stopped by a signal" : "";
      reason =
          "dockerd (pid %d) was alive and did not answer for %d s%s; %s"
              .formatted(
                  dockerd.pid(),
                  silence.length(clock.instant()).toSeconds(),
                  stopped,
                  silence.dump() == null
                      ? "it did not write down its stacks when it was asked to"
                      : "its stacks are in " + silence.dump());
    }
    terminate(dockerd);
  }

  private void explain(DaemonProcess daemon, ProcessInfo.Exit exit) {
    boolean crashed = phase.listens();
    if (crashed || daemon == dockerd) {
      lastExit = exit;
    }
    if (!crashed) {
      return;
    }
    reason = daemon.unit() + " " + how(exit);
    logTail = daemon.tail(TAIL_LINES);
    legacyFirewall |= daemon == dockerd && DaemonUnits.wantsLegacyFirewall(logTail);
  }

  private void remember(DaemonProcess daemon, long pid, ProcessInfo.Exit exit) {
    boolean ofMute = daemon == dockerd && silence.hasEnded();
    DaemonRun.Cause cause =
        exit.cause() == ProcessInfo.Cause.OUT_OF_MEMORY
            ? DaemonRun.Cause.OUT_OF_MEMORY
            : phase.causeOfExit();
    Path stacksOfIt = ofMute ? silence.dump() : null;
    history.add(
        DaemonRun.builder(daemon.unit(), cause)
            .pid(pid)
            .startedAt(micros(daemon.startedAt()))
            .endedAt(micros(clock.instant()))
            .code(exit.code())
            .signal(exit.signal())
            .reason(
                cause == DaemonRun.Cause.MUTE && ofMute ? reason : daemon.unit() + " " + how(exit))
            .dump(stacksOfIt == null ? null : stacksOfIt.toString())
            .dumpHead(stacksOfIt == null ? null : DaemonStacks.head(stacksOfIt))
            .logTail(bounded(daemon.tail(HISTORY_LINES)))
            .build());
  }

  /** Returns the end of a log's tail: all runs travel with each change, so they stay small. */
  private static String bounded(String tail) {
    return tail.length() <= HISTORY_CHARACTERS
        ? tail
        : tail.substring(tail.length() - HISTORY_CHARACTERS);
  }

  private static String how(ProcessInfo.Exit exit) {
    if (exit.cause() == ProcessInfo.Cause.OUT_OF_MEMORY) {
      return "was killed: the sandbox's memory was used up";
    }
    return exit.signal() == null
        ? "ended with exit code " + exit.code()
        : "was ended by the signal " + exit.signal();
  }

  private void tell() {
    if (!look(status.changedAt()).equals(status)) {
      status = look(micros(clock.instant()));
      listener.accept(status);
    }
  }

  private DaemonStatus look(long changedAt) {
    DaemonStatus.State state = phase.state();
    boolean waits = state == DaemonStatus.State.BACKING_OFF;
    boolean answers = state == DaemonStatus.State.READY || state == DaemonStatus.State.MUTE;
    boolean rests = phase == DaemonPhase.STOPPED;
    return DaemonStatus.builder(state, wanted, changedAt)
        .pid(dockerd.pid())
        .version(version)
        .storageDriver(answers ? DaemonUnits.STORAGE_DRIVER : null)
        .readyAfterMillis(answers ? readyAfterMillis : 0)
        .restarts(restarts)
        .attempt(waits ? budget.used() : 0)
        .attempts(waits ? DaemonBudget.ATTEMPTS : 0)
        .lastExit(lastExit)
        .nextRestartAt(waits && timer != null ? micros(timer) : 0)
        .reason(rests ? null : reason)
        .logTail(rests ? null : logTail)
        .history(history.list())
        .disk(disk)
        .build();
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
