package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.history.TestHistory;
import dev.caisson.host.FakeInspector;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox ends, whatever fails on the way; nobody waits for that longer than is good. */
class SandboxEndTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path home;
  private final FakeEngine engine = new FakeEngine();
  private final FakeSupervisors supervisors = new FakeSupervisors();
  private @Nullable Error listenerFailure;
  private SandboxProperties properties;
  private TestHistory history;
  private TestService service;
  private Sandboxes sandboxes;

  @BeforeEach
  void begin() {
    properties = SandboxesTest.properties(home, Duration.ofHours(1));
    serve();
  }

  private void serve() {
    history = new TestHistory(TestHistory.h2(properties), properties);
    service =
        new TestService(
            engine,
            new FakeInspector().preflight(),
            supervisors,
            history,
            properties,
            Pool.NONE,
            false,
            List.of((_, _, _) -> {
              Error failure = listenerFailure;
              if (failure != null) {
                throw failure;
              }
            }));
    sandboxes = service.sandboxes;
    service.start();
  }

  @AfterEach
  void end() {
    service.stop();
    history.close();
  }

  @Test
  void whatFailsInAKeeperIsCountedAndItsSandboxIsKeptAndEndedAllTheSame() throws Exception {
    Sandbox ready = ready();
    listenerFailure = new AssertionError("a null where none may be");
    fake(ready).tell(FakeSupervisors.daemon(DaemonStatus.State.STARTING));
    fake(ready).tell(FakeSupervisors.daemon(DaemonStatus.State.MUTE));
    // What is marked after it is heeded: the labels are changed.
    Sandbox labelled =
        sandboxes.respecify(ready.id(), spec -> spec.with(spec.ttl(), Map.of("a", "b")));
    assertThat(labelled.spec().labels()).containsEntry("a", "b");
    await(ready, _ -> failures("daemon") == 2);

    assertThat(ended(ready, Duration.ZERO).reason()).isEqualTo(EndReason.TERMINATED);
    assertThat(engine.list()).isEmpty();
  }

  @Test
  void outputThatCannotBeArchivedKeepsNoContainerAndTheRecordSaysSo() throws Exception {
    Sandbox ready = ready();
    engine.readFailure = new StackOverflowError("a record of a hundred thousand levels");

    Sandbox ended = ended(ready, Duration.ZERO);
    assertThat(engine.list()).isEmpty();
    assertThat(engine.states).isEmpty();
    assertThat(ended.warnings())
        .anySatisfy(warning ->
            assertThat(warning)
                .contains("archiving its output was left out: it failed 3 times", "levels"));
    assertThat(sandboxes.get(ready.id()).warnings()).isEqualTo(ended.warnings());
  }

  @Test
  void aSocketDirectoryThatStaysKeepsNobodyFromItsEnd() throws Exception {
    Sandbox ready = ready();
    supervisors.forgetFailure = new UncheckedIOException(new IOException("File name too long"));

    assertThat(ended(ready, Duration.ZERO).warnings())
        .anySatisfy(w -> assertThat(w).contains("socket directory", "File name too long"));
    assertThat(engine.list()).isEmpty();
  }

  @Test
  void whileItEndsItSaysWhatItIsAt() throws Exception {
    Sandbox ready = ready();
    engine.removeFailure = new EngineException.Refused(500, "device is busy", null);
    sandboxes.terminate(ready.id(), Duration.ZERO);
    await(ready, _ -> sandboxes.get(ready.id()).warnings().toString().contains("busy"));
    assertThat(sandboxes.get(ready.id()).warnings())
        .singleElement()
        .asString()
        .contains("its end is at work: removing its container; it failed", "device is busy");

    engine.removeFailure = null;
    assertThat(await(ready, s -> s.state() == SandboxState.ENDED).warnings()).isEmpty();
  }

  @Test
  void aStepInWhichTheServiceCrashedThreeTimesIsLeftOut() throws Exception {
    Sandbox ready = ready();
    // As three services that were killed in it leave it.
    for (int i = 0; i < Crashes.MOST; i++) {
      new Crashes(home, ready.id()).begin(Crashes.Step.ARCHIVE);
    }
    Sandbox ended = ended(ready, Duration.ZERO);
    assertThat(engine.calls).doesNotContain("read /var/lib/caisson/processes");
    assertThat(ended.warnings())
        .containsExactly("archiving its output was left out: the service crashed in it 3 times");
    assertThat(home.resolve("endings")).isEmptyDirectory();
  }

  @Test
  void aServiceThatIsStoppedInTheMiddleOfAnEndHasNotCrashed() throws Exception {
    Sandbox ready = ready();
    engine.reading = new CountDownLatch(1);
    sandboxes.terminate(ready.id(), Duration.ZERO);
    for (int i = 0; i <= Crashes.MOST; i++) {
      assertThat(engine.begunReading.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      service.stop();
      history.close();
      engine.begunReading = new CountDownLatch(1);
      serve();
    }
    engine.reading.countDown();
    assertThat(await(ready, s -> s.state() == SandboxState.ENDED).warnings()).isEmpty();
  }

  @Test
  void aSupervisorThatBreaksTheRulesEndsItsSandboxAndNoOther() throws Exception {
    Sandbox hostile = ready();
    Sandbox other = ready();
    fake(hostile).breakRules("a status without a state");

    Sandbox ended = await(hostile, s -> s.state() == SandboxState.ENDED);
    assertThat(ended.reason()).isEqualTo(EndReason.SUPERVISOR_LOST);
    assertThat(ended.life().detail()).contains("a status without a state");
    assertThat(sandboxes.get(other.id()).state()).isEqualTo(SandboxState.READY);
  }

  @Test
  void wordsOfADaemonThatNoRecordHoldsKeepNobodyFromItsEnd() throws Exception {
    Sandbox ready = ready();
    String words = "x".repeat(1_000_001);
    fake(ready)
        .tell(
            DaemonStatus.builder(DaemonStatus.State.FAILED, true, 1).pid(1).reason(words).build());
    await(ready, s -> words.equals(s.daemon().reason()));

    assertThat(ended(ready, Duration.ZERO).daemon().reason()).isNull();
    assertThat(failures("save")).isPositive();
    assertThat(sandboxes.get(ready.id()).state()).isEqualTo(SandboxState.ENDED);
  }

  @Test
  void aSupervisorThatCutsItsConnectionAgainAndAgainIsLost() throws Exception {
    supervisors.fickle = true;
    Sandbox ended = await(ready(), s -> s.state() == SandboxState.ENDED);
    assertThat(ended.reason()).isEqualTo(EndReason.SUPERVISOR_LOST);
    assertThat(ended.life().detail()).isEqualTo("its connection breaks again and again");
  }

  @Test
  void whoeverHasLessPatienceShortensAGrace() throws Exception {
    Sandbox ready = ready();
    FakeSupervisors.Fake supervisor = fake(ready);
    supervisor.shutdown = new CountDownLatch(1);
    sandboxes.terminate(ready.id(), Duration.ofDays(10_000));
    assertThat(supervisor.shuttingDown.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(supervisor.asked).contains(new Request.Shutdown(Duration.ofDays(1).toMillis()));
    assertThat(sandboxes.get(ready.id()).warnings().toString()).contains("have until");

    assertThat(ended(ready, Duration.ZERO).state()).isEqualTo(SandboxState.ENDED);
  }

  @Test
  void aWaitThatIsOpenWhenTheServiceStopsIsToldThat() throws Exception {
    Sandbox ready = ready();
    CompletableFuture<Sandbox> waiting = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                waiting.complete(
                    sandboxes.awaitForCaller(ready.id(), s -> s.state().isTerminal(), SOON));
              } catch (InterruptedException | RuntimeException e) {
                waiting.completeExceptionally(e);
              }
            });
    while (caller.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    new SandboxWaits(sandboxes).stop();
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SandboxException.ServiceStopping.class);
    assertThat(
            sandboxes.awaitForCaller(ready.id(), s -> s.state() == SandboxState.READY, SOON).id())
        .isEqualTo(ready.id());
  }

  private double failures(String step) {
    var counter = history.meters.find("caisson.keeper.failures").tag("step", step).counter();
    return counter == null ? 0 : counter.count();
  }

  private Sandbox ready() throws InterruptedException {
    SandboxSpec spec =
        SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, 0)).docker(true).build();
    return sandboxes.awaitReady(sandboxes.create(spec).id(), SOON);
  }

  private Sandbox ended(Sandbox sandbox, Duration grace) throws InterruptedException {
    sandboxes.terminate(sandbox.id(), grace);
    Sandbox ended = await(sandbox, s -> s.state().isTerminal());
    assertThat(ended.state()).isEqualTo(SandboxState.ENDED);
    return ended;
  }

  /** Also of what no sandbox shows, looked at every few milliseconds. */
  private Sandbox await(Sandbox sandbox, Predicate<Sandbox> until) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    Sandbox now = sandboxes.await(sandbox.id(), until, Duration.ofMillis(20));
    while (!until.test(now) && System.nanoTime() < end) {
      now = sandboxes.await(sandbox.id(), until, Duration.ofMillis(20));
    }
    assertThat(until.test(now)).as("in time: " + now).isTrue();
    return now;
  }

  private FakeSupervisors.Fake fake(Sandbox sandbox) {
    return java.util.Objects.requireNonNull(supervisors.known.get(sandbox.id()));
  }
}
