package dev.caisson.supervisor.daemon;

import static dev.caisson.supervisor.daemon.Units.CONTAINERD;
import static dev.caisson.supervisor.daemon.Units.DOCKERD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import dev.caisson.supervisor.wire.DaemonRun;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.DaemonStatus.State;
import dev.caisson.supervisor.wire.DiskUse;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request.DaemonCommand;
import dev.caisson.supervisor.wire.Request.DockerPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonStateMachineTest {

  @TempDir Path root;
  private final DaemonClock clock = new DaemonClock();
  private final DaemonFakeUnits units = new DaemonFakeUnits();
  private final List<DaemonStatus> told = new ArrayList<>();
  private final List<ProbeQuestion> questions = new ArrayList<>();
  private @Nullable String obstacle;
  private long run;
  private DaemonStateMachine keeper;

  @BeforeEach
  void make() {
    DaemonLayout layout = new DaemonLayout(root);
    keeper =
        new DaemonStateMachine(
            units,
            new DaemonUnits(layout, DockerPlan.builder().build(), Map.of()),
            new DaemonFiles(layout, root.resolve("proc")),
            new DaemonStacks(layout),
            DaemonPatience.DEFAULT,
            () -> obstacle,
            (asked, question) -> {
              run = asked;
              questions.add(question);
            },
            (pid, exit) -> keeper.ended(pid, exit),
            clock,
            told::add);
  }

  @Test
  void startsBothTogetherAndIsReadyWhenDockerdAnswers() {
    keeper.want(DaemonCommand.START);
    assertThat(units.log).containsExactly("start containerd", "start dockerd");
    assertThat(questions).containsExactly(ProbeQuestion.START);
    clock.pass(Duration.ofMillis(345));
    answer();

    assertThat(states()).containsExactly(State.STARTING, State.READY);
    DaemonStatus ready = keeper.status();
    assertThat(ready.readyAfterMillis()).isEqualTo(345);
    assertThat(ready.version()).isEqualTo("26.1.5");
    assertThat(ready.storageDriver()).isEqualTo("overlay2");
    assertThat(ready.pid()).isEqualTo(units.pid(DOCKERD));
    assertThat(ready.wanted()).isTrue();
  }

  @Test
  void aCrashOfDockerdRestartsItAloneAfterAQuarterOfASecond() {
    ready();
    units.tails.put(DOCKERD, "panic: oh");
    units.kill(DOCKERD);

    DaemonStatus waiting = keeper.status();
    assertThat(waiting.state()).isEqualTo(State.BACKING_OFF);
    assertThat(waiting.pid()).isZero();
    assertThat(waiting.attempt()).isEqualTo(1);
    assertThat(waiting.attempts()).isEqualTo(5);
    assertThat(waiting.reason()).isEqualTo("dockerd was ended by the signal KILL");
    assertThat(waiting.logTail()).isEqualTo("panic: oh");
    assertThat(keeper.due()).isEqualTo(clock.instant().plusMillis(250));
    assertThat(waiting.nextRestartAt()).isEqualTo(micros(clock.instant().plusMillis(250)));

    units.log.clear();
    pass();
    assertThat(units.log).containsExactly("start dockerd");
    assertThat(keeper.status().state()).isEqualTo(State.STARTING);
    assertThat(keeper.status().restarts()).isEqualTo(1);
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(keeper.status().reason()).isNull();
    assertThat(keeper.status().logTail()).isNull();
    assertThat(keeper.status().lastExit()).extracting("signal").isEqualTo("KILL");
  }

  @Test
  void theSixthCrashInAMinuteIsTheLastAndSaysWhy() {
    ready();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      units.kill(DOCKERD);
      waits.add(Duration.between(clock.instant(), due()).toMillis());
      pass();
      answer();
    }
    assertThat(waits).containsExactly(250L, 500L, 1000L, 2000L, 4000L);
    units.tails.put(DOCKERD, "last words");
    units.kill(DOCKERD);

    DaemonStatus failed = keeper.status();
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.reason())
        .isEqualTo("given up after 5 restarts; the last: dockerd was ended by the signal KILL");
    assertThat(failed.logTail()).isEqualTo("last words");
    assertThat(failed.restarts()).isEqualTo(5);
    assertThat(units.log).last().isEqualTo("TERM containerd");
    units.exit(CONTAINERD, 0);
    assertThat(keeper.rests()).isTrue();

    keeper.want(DaemonCommand.START);
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
  }

  @Test
  void crashesThatAreAMinuteApartNeverAddUp() {
    ready();
    for (int i = 0; i < 10; i++) {
      units.kill(DOCKERD);
      assertThat(keeper.status().attempt()).isEqualTo(1);
      pass();
      answer();
      clock.pass(Duration.ofSeconds(61));
      tick();
      answer();
    }
    assertThat(keeper.status().restarts()).isEqualTo(10);
  }

  @Test
  void aCrashOfContainerdRestartsItAloneAndDockerdMustFindItAgain() {
    ready();
    units.kill(CONTAINERD);
    assertThat(keeper.status().state()).isEqualTo(State.BACKING_OFF);
    assertThat(keeper.status().pid()).isEqualTo(units.pid(DOCKERD));
    assertThat(keeper.status().reason()).isEqualTo("containerd was ended by the signal KILL");
    units.log.clear();
    pass();
    assertThat(units.log).containsExactly("start containerd");
    assertThat(questions).last().isEqualTo(ProbeQuestion.RECONNECT);
    assertThat(keeper.status().state()).isEqualTo(State.STARTING);
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
  }

  @Test
  void dockerdThatDoesNotFindContainerdAgainIsRestarted() {
    ready();
    units.kill(CONTAINERD);
    pass();
    units.log.clear();
    keeper.silent(run, ProbeQuestion.RECONNECT);
    assertThat(units.log).containsExactly("TERM dockerd");
    units.exit(DOCKERD, 0);
    pass();
    assertThat(units.log).containsExactly("TERM dockerd", "start dockerd");
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
  }

  @Test
  void bothCrashingTogetherIsOneRestartOfBoth() {
    ready();
    units.kill(CONTAINERD);
    units.kill(DOCKERD);
    units.log.clear();
    pass();
    assertThat(units.log).containsExactly("start containerd", "start dockerd");
    assertThat(keeper.status().restarts()).isEqualTo(1);
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
  }

  @Test
  void isAskedEveryTenSecondsAndMuteIsSaidAndUnsaid() {
    ready();
    assertThat(keeper.due()).isEqualTo(clock.instant().plusSeconds(10));
    pass();
    assertThat(questions).containsExactly(ProbeQuestion.START, ProbeQuestion.ALIVE);
    assertThat(keeper.due()).isNull();
    keeper.silent(run, ProbeQuestion.ALIVE);
    DaemonStatus mute = keeper.status();
    assertThat(mute.state()).isEqualTo(State.MUTE);
    assertThat(mute.pid()).isEqualTo(units.pid(DOCKERD));
    assertThat(mute.reason()).contains("is alive but did not answer within 5 s");
    assertThat(keeper.due()).isEqualTo(clock.instant().plusSeconds(1));
    pass();
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(states()).containsExactly(State.STARTING, State.READY, State.MUTE, State.READY);
    assertThat(units.log).containsExactly("start containerd", "start dockerd");
  }

  @Test
  void oneThatStaysMuteWritesItsStacksIsEndedAndStartedAgain() throws Exception {
    ready();
    long mute = units.pid(DOCKERD);
    keeper.silent(run, ProbeQuestion.ALIVE);
    units.log.clear();
    stayMute();
    assertThat(units.log).containsExactly("USR1 dockerd");
    Path stacks = stacks("goroutine 1 [select]:\nmain.main()\n");
    stayMute();
    assertThat(units.log).containsExactly("USR1 dockerd", "TERM dockerd");
    assertThat(keeper.status().state()).isEqualTo(State.MUTE);
    assertThat(keeper.status().reason())
        .isEqualTo(
            "dockerd (pid %d) was alive and did not answer for 32 s; its stacks are in %s"
                .formatted(mute, stacks));
    stayMute();
    assertThat(units.log).last().isEqualTo("KILL dockerd");
    units.tails.put(DOCKERD, "the last line");
    units.kill(DOCKERD);
    assertThat(keeper.status().state()).isEqualTo(State.BACKING_OFF);
    assertThat(keeper.status().reason()).contains("did not answer for 32 s");
    pass();
    clock.pass(Duration.ofMillis(400));
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(keeper.status().restarts()).isEqualTo(1);
    assertThat(units.started).extracting(Units.Unit::name).containsOnlyOnce(CONTAINERD);

    DaemonRun over = keeper.status().history().getFirst();
    assertThat(over.cause()).isEqualTo(DaemonRun.Cause.MUTE);
    assertThat(over.unit()).isEqualTo(DOCKERD);
    assertThat(over.pid()).isEqualTo(mute);
    assertThat(over.signal()).isEqualTo("KILL");
    assertThat(over.dump()).isEqualTo(stacks.toString());
    assertThat(over.dumpHead()).isEqualTo("goroutine 1 [select]:\nmain.main()");
    assertThat(over.logTail()).isEqualTo("the last line");
    assertThat(over.backAfterMillis()).isEqualTo(650);
  }

  @Test
  void oneThatWasStoppedCannotWriteItsStacksWhichIsSaidAndIsLetGoOnToEnd() throws Exception {
    ready();
    Path stat = root.resolve("proc/" + units.pid(DOCKERD) + "/stat");
    Files.createDirectories(stat.getParent());
    Files.writeString(stat, units.pid(DOCKERD) + " (dockerd) T 1 1 1");
    keeper.silent(run, ProbeQuestion.ALIVE);
    stayMute();
    units.log.clear();
    stayMute();
    assertThat(units.log).containsExactly("TERM dockerd", "CONT dockerd");
    assertThat(keeper.status().reason())
        .endsWith(
            "for 32 s; it was stopped by a signal; it did not write down its stacks when it was"
                + " asked to");
    units.exit(DOCKERD, 0);
    assertThat(keeper.status().history().getFirst().cause()).isEqualTo(DaemonRun.Cause.MUTE);
    assertThat(keeper.status().history().getFirst().dump()).isNull();
  }

  @Test
  void oneThatAnswersWhileItWritesItsStacksIsLeftAlone() {
    ready();
    keeper.silent(run, ProbeQuestion.ALIVE);
    stayMute();
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    units.log.clear();
    pass();
    answer();
    assertThat(units.log).isEmpty();
    assertThat(keeper.status().history()).isEmpty();
  }

  @Test
  void theSixthMuteInTenMinutesIsTheLast() {
    ready();
    for (int i = 0; i < 5; i++) {
      beMute();
      pass();
      answer();
      assertThat(keeper.status().state()).isEqualTo(State.READY);
    }
    beMute();
    assertThat(keeper.status().state()).isEqualTo(State.FAILED);
    assertThat(keeper.status().reason()).startsWith("given up after 5 restarts; the last: dockerd");
  }

  @Test
  void everyEndIsInTheHistoryNewestFirstWithItsCause() {
    ready();
    units.kill(DOCKERD);
    pass();
    answer();
    keeper.want(DaemonCommand.RESTART);
    units.exit(DOCKERD, 0);
    answer();
    units.end(DOCKERD, new ProcessInfo.Exit(137, "KILL", ProcessInfo.Cause.OUT_OF_MEMORY, 1));
    pass();
    answer();
    keeper.want(DaemonCommand.STOP);
    units.exit(DOCKERD, 0);
    units.exit(CONTAINERD, 0);
    keeper.want(DaemonCommand.START);
    answer();
    assertThat(keeper.status().history())
        .extracting(run -> run.unit() + " " + run.cause())
        .containsExactly(
            "containerd STOPPED",
            "dockerd STOPPED",
            "dockerd OUT_OF_MEMORY",
            "dockerd RESTARTED",
            "dockerd CRASHED");
    assertThat(keeper.status().history())
        .extracting(DaemonRun::backAfterMillis)
        .containsExactly(0L, 0L, 250L, 1L, 250L);
  }

  @Test
  void theHistoryIsBounded() {
    ready();
    for (int i = 0; i < 40; i++) {
      units.kill(DOCKERD);
      keeper.want(DaemonCommand.START);
      answer();
    }
    assertThat(keeper.status().history()).hasSize(DaemonStatus.MOST_RUNS);
  }

  @Test
  void aPersonsStartOfAReadyOneForgivesItsCrashes() {
    ready();
    for (int i = 0; i < 10; i++) {
      units.kill(DOCKERD);
      pass();
      answer();
      keeper.want(DaemonCommand.START);
    }
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(keeper.status().restarts()).isEqualTo(10);
  }

  @Test
  void oneThatHasNeverAnsweredGetsMoreTime() {
    keeper.want(DaemonCommand.START);
    keeper.silent(run, ProbeQuestion.START);
    clock.pass(Duration.ofMinutes(4));
    units.log.clear();
    tick();
    assertThat(units.log).isEmpty();
    clock.pass(Duration.ofMinutes(1));
    tick();
    assertThat(units.log).containsExactly("USR1 dockerd");
  }

  @Test
  void whatItsDataTakesIsTold() {
    ready();
    keeper.disk(new DiskUse(100, 7));
    assertThat(told.getLast().disk()).isEqualTo(new DiskUse(100, 7));
  }

  @Test
  void aStartThatTakesAMinuteIsMuteNotCrashed() {
    keeper.want(DaemonCommand.START);
    clock.pass(Duration.ofSeconds(60));
    keeper.silent(run, ProbeQuestion.START);
    assertThat(keeper.status().state()).isEqualTo(State.MUTE);
    clock.pass(Duration.ofSeconds(10));
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(keeper.status().readyAfterMillis()).isEqualTo(70_000);
  }

  @Test
  void aStopDuringAStartEndsBothInOrder() {
    keeper.want(DaemonCommand.START);
    units.log.clear();
    keeper.want(DaemonCommand.STOP);
    assertThat(units.log).containsExactly("TERM dockerd");
    assertThat(keeper.status().state()).isEqualTo(State.STOPPED);
    assertThat(keeper.status().wanted()).isFalse();
    answer();
    assertThat(keeper.status().state()).isEqualTo(State.STOPPED);
    units.exit(DOCKERD, 0);
    assertThat(units.log).containsExactly("TERM dockerd", "TERM containerd");
    units.exit(CONTAINERD, 0);
    assertThat(keeper.rests()).isTrue();
    assertThat(keeper.status().pid()).isZero();
    assertThat(due()).isAfter(clock.instant());
  }

  @Test
  void whatDoesNotEndWithinItsGraceIsKilledAlone() {
    ready();
    keeper.want(DaemonCommand.STOP);
    units.log.clear();
    pass();
    assertThat(units.log).containsExactly("KILL dockerd");
    units.kill(DOCKERD);
    pass();
    assertThat(units.log).containsExactly("KILL dockerd", "TERM containerd", "KILL containerd");
  }

  @Test
  void aStartDuringAStopWaitsForTheEndAndStartsAgain() {
    ready();
    keeper.want(DaemonCommand.STOP);
    keeper.want(DaemonCommand.START);
    assertThat(keeper.status().state()).isEqualTo(State.STARTING);
    units.log.clear();
    units.exit(DOCKERD, 0);
    assertThat(units.log).containsExactly("start dockerd");
    assertThat(keeper.status().restarts()).isZero();
  }

  @Test
  void aRestartThatWasAskedForKeepsContainerdAndCountsNothing() {
    ready();
    keeper.want(DaemonCommand.RESTART);
    units.exit(DOCKERD, 0);
    answer();
    assertThat(units.log)
        .containsExactly("start containerd", "start dockerd", "TERM dockerd", "start dockerd");
    assertThat(keeper.status().state()).isEqualTo(State.READY);
    assertThat(keeper.status().restarts()).isZero();
  }

  @Test
  void aCrashDuringTheStartIsACrash() {
    keeper.want(DaemonCommand.START);
    long first = run;
    units.tails.put(DOCKERD, "failed to start daemon");
    units.exit(DOCKERD, 1);
    assertThat(keeper.status().state()).isEqualTo(State.BACKING_OFF);
    assertThat(keeper.status().reason()).isEqualTo("dockerd ended with exit code 1");
    keeper.answered(first, "26.1.5");
    assertThat(keeper.status().state()).isEqualTo(State.BACKING_OFF);
    pass();
    keeper.silent(first, ProbeQuestion.START);
    assertThat(keeper.status().state()).isEqualTo(State.STARTING);
  }

  @Test
  void aKillForMemoryIsToldApart() {
    ready();
    units.end(DOCKERD, new ProcessInfo.Exit(137, "KILL", ProcessInfo.Cause.OUT_OF_MEMORY, 1));
    assertThat(keeper.status().reason())
        .isEqualTo("dockerd was killed: the sandbox's memory was used up");
    assertThat(keeper.status().lastExit())
        .extracting(ProcessInfo.Exit::cause)
        .isEqualTo(ProcessInfo.Cause.OUT_OF_MEMORY);
  }

  @Test
  void aRefusedStartIsTriedAgainAndThenGivenUpWithTheSystemsReason() {
    units.refused.put(DOCKERD, "EAGAIN");
    keeper.want(DaemonCommand.START);
    while (keeper.due() != null && !keeper.status().state().equals(State.FAILED)) {
      pass();
    }
    assertThat(keeper.status().reason())
        .isEqualTo("given up after 5 restarts; the last: dockerd could not be started: EAGAIN, no");
  }

  @Test
  void aSandboxThatCannotRunItSaysWhyAndStartsNothing() {
    obstacle = "the kit's Docker part is not mounted";
    keeper.want(DaemonCommand.START);
    keeper.want(DaemonCommand.START);
    assertThat(states()).containsExactly(State.UNSUPPORTED);
    assertThat(keeper.status().reason()).isEqualTo(obstacle);
    assertThat(units.log).isEmpty();
    keeper.want(DaemonCommand.STOP);
    assertThat(keeper.status().state()).isEqualTo(State.UNSUPPORTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables: Failed to initialize nft: Protocol not supported",
        "iptables v1.8.11 (nf_tables): Could not fetch rule set generation id: Invalid argument"
      })
  void aKernelWithoutNftablesGetsTheOlderTables(String words) {
    keeper.want(DaemonCommand.START);
    units.tails.put(DOCKERD, words);
    units.exit(DOCKERD, 1);
    pass();
    assertThat(units.started.getLast().env().get("PATH"))
        .startsWith(root.resolve("opt/caisson/docker/bin-legacy") + ":");
  }

  @Test
  void noChangeIsToldTwice() {
    ready();
    int count = told.size();
    for (int i = 0; i < 5; i++) {
      pass();
      answer();
      keeper.want(DaemonCommand.START);
    }
    assertThat(told).hasSize(count);
  }

  @Test
  void theSocketIsOpenToEveryUserOfTheSandbox() throws Exception {
    Path socket = new DaemonLayout(root).dockerSocket();
    keeper.want(DaemonCommand.START);
    Files.createDirectories(socket.getParent());
    Files.createFile(socket);
    answer();
    assertThat(Files.getPosixFilePermissions(socket)).hasSize(6);
  }

  private void ready() {
    keeper.want(DaemonCommand.START);
    clock.pass(Duration.ofMillis(345));
    answer();
  }

  /** Silence until the timer that it has set is over, and what that brings. */
  private void stayMute() {
    String before = String.join(", ", units.log);
    while (String.join(", ", units.log).equals(before)) {
      clock.to(due());
      keeper.tick();
      keeper.silent(run, ProbeQuestion.ALIVE);
    }
  }

  private void beMute() {
    keeper.silent(run, ProbeQuestion.ALIVE);
    stayMute();
    stayMute();
    units.exit(DOCKERD, 0);
  }

  private Path stacks(String text) throws Exception {
    Path file = root.resolve("run/docker/goroutine-stacks-2026-11-22T090000Z.log");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    return file;
  }

  private void answer() {
    keeper.answered(run, "26.1.5");
  }

  /** Lets time pass until something is due, and does it. */
  private void pass() {
    clock.to(due());
    keeper.tick();
  }

  private Instant due() {
    return Objects.requireNonNull(keeper.due());
  }

  private void tick() {
    keeper.tick();
  }

  private List<State> states() {
    return told.stream().map(DaemonStatus::state).toList();
  }

  private static long micros(Instant instant) {
    return instant.toEpochMilli() * 1000;
  }
}
