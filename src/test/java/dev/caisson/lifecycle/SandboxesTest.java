package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.history.TestHistory;
import dev.caisson.host.FakeInspector;
import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The life of sandboxes, from a create to what a restart of the service finds. */
class SandboxesTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path home;
  private final FakeEngine engine = new FakeEngine();
  private final FakeInspector inspector = new FakeInspector();
  private final FakeSupervisors supervisors = new FakeSupervisors();
  private final List<DaemonStatus.State> daemons = new CopyOnWriteArrayList<>();
  private final FakePool pool = new FakePool();
  private boolean removeUnknown;
  private SandboxProperties properties;
  private TestService service;
  private Sandboxes sandboxes;
  private TestHistory history;

  @BeforeEach
  void begin() {
    properties = properties(home, Duration.ofHours(1));
    history = new TestHistory(TestHistory.h2(properties), properties);
    service = started(history);
    sandboxes = service.sandboxes;
  }

  @AfterEach
  void end() {
    service.stop();
    history.close();
  }

  @Test
  void aSandboxIsReadyWhenItsSupervisorAnswersAndSaysHowLongEachStageTook() throws Exception {
    Sandbox ready = ready(spec(null, true));

    assertThat(ready.state()).isEqualTo(SandboxState.READY);
    assertThat(ready.isolation()).isEqualTo(Isolation.USERNS);
    assertThat(ready.startup().stages())
        .extracting(Startup.Stage::name)
        .containsExactly("image", "kit", "queue", "create", "start", "supervisor", "configure");
  }

  @Test
  void itsEnvironmentIsSaidToTheSupervisorAndNeverWrittenDown() throws Exception {
    Sandbox ready = ready(spec(null, false));

    assertThat(fake(ready).asked)
        .first()
        .isInstanceOfSatisfying(
            Request.Configure.class,
            c -> assertThat(c.env()).containsEntry("TOKEN", "s3cret").containsKey("PATH"));
    // All is written then, and nothing is renamed while it is read.
    leave();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
      }
    }
  }

  @Test
  void anImageFromWhereNoneMayComeIsRefusedBeforeThereIsARecord() throws Exception {
    engine.refused = "debian";
    assertThatThrownBy(() -> sandboxes.create(spec(null, false)))
        .isInstanceOf(EngineException.RegistryNotAllowed.class);
    assertThat(sandboxes.page(null, _ -> true, null, 10)).isEmpty();
  }

  @Test
  void anImageThatCannotBeHadFailsTheStartWithItsOwnReason() throws Exception {
    engine.imageFailure =
        new EngineException.NoImage(
            EngineErrorCode.NO_SUCH_IMAGE, "nope", "There is no image nope", null);
    Sandbox created = sandboxes.create(spec(null, false));

    assertThatThrownBy(() -> sandboxes.awaitReady(created.id(), SOON))
        .isInstanceOf(EngineException.NoImage.class);
    Sandbox failed = sandboxes.await(created.id(), s -> s.state().isTerminal(), SOON);
    assertThat(failed.state()).isEqualTo(SandboxState.FAILED);
    assertThat(failed.reason()).isEqualTo(EndReason.START_FAILED);
    assertThat(failed.life().detail()).contains("There is no image nope");
  }

  @Test
  void aSupervisorThatStaysSilentFailsTheStartWithTheContainersLogAndLeavesNoContainer()
      throws Exception {
    supervisors.silent = true;
    Sandbox created = sandboxes.create(spec(null, false));

    assertThatThrownBy(() -> sandboxes.awaitReady(created.id(), SOON))
        .isInstanceOf(SandboxException.StartFailed.class)
        .hasMessageContaining("no such file or directory");
    assertThat(engine.list()).isEmpty();
  }

  @Test
  void terminatingAsksTheSupervisorFirstThenArchivesThenRemoves() throws Exception {
    Sandbox ready = ready(spec(null, false));
    FakeSupervisors.Fake supervisor = fake(ready);
    sandboxes.terminate(ready.id(), Duration.ofSeconds(3));

    Sandbox ended = await(ready, s -> s.state() == SandboxState.ENDED);
    assertThat(ended.reason()).isEqualTo(EndReason.TERMINATED);
    assertThat(supervisor.asked).contains(new Request.Shutdown(3000));
    assertThat(engine.calls).contains("read /var/lib/caisson/processes");
    assertThat(engine.list()).isEmpty();
  }

  @Test
  void aPullIsBrokenOffWhenTheSandboxIsDeletedMeanwhile() throws Exception {
    engine.pulling = new CountDownLatch(1);
    Sandbox created = sandboxes.create(spec(null, false));
    assertThat(history.awaitEvent(1)).as("the pull is told of").isTrue();

    sandboxes.terminate(created.id(), null);
    Sandbox ended = await(created, s -> s.state().isTerminal());
    assertThat(ended.reason()).isEqualTo(EndReason.TERMINATED);
  }

  @Test
  void aContainerThatDiesEndsItsSandboxAndSaysWhy() throws Exception {
    Sandbox one = ready(spec(null, false));
    Sandbox two = ready(spec(null, false));
    engine.die(one.id(), true, 137);
    engine.die(two.id(), false, 1);

    assertThat(await(one, s -> s.state().isTerminal()).reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
    assertThat(await(two, s -> s.state().isTerminal()).reason())
        .isEqualTo(EndReason.SUPERVISOR_LOST);
  }

  @Test
  void aSandboxNobodyUsesExpires() throws Exception {
    Sandbox ready = ready(spec(Duration.ofMillis(200), false));

    assertThat(await(ready, s -> s.state().isTerminal()).reason()).isEqualTo(EndReason.EXPIRED);
  }

  @Test
  void aSandboxWithARunningProcessDoesNotExpire() throws Exception {
    supervisors.busy = 1;
    Sandbox ready = ready(spec(Duration.ofMillis(100), false));
    FakeSupervisors.Fake supervisor = fake(ready);

    Sandbox later =
        sandboxes.await(ready.id(), s -> s.state().isTerminal(), Duration.ofMillis(500));
    assertThat(later.state()).isEqualTo(SandboxState.READY);
    assertThat(supervisor.asked).contains(new Request.DescribeActivity());
  }

  @Test
  void aCleanUpThatTheEngineRefusesLeavesItEndingAndIsTriedAgain() throws Exception {
    Sandbox ready = ready(spec(null, false));
    engine.removeFailure = new EngineException.Refused(500, "busy", null);
    sandboxes.terminate(ready.id(), Duration.ZERO);
    Sandbox ending = await(ready, s -> s.state() == SandboxState.ENDING);
    assertThat(ending.state()).isEqualTo(SandboxState.ENDING);

    engine.removeFailure = null;
    assertThat(await(ready, s -> s.state() == SandboxState.ENDED).state())
        .isEqualTo(SandboxState.ENDED);
  }

  @Test
  void daemonChangesAreHeardInOrder() throws Exception {
    Sandbox ready = ready(spec(null, true));
    fake(ready).tell(FakeSupervisors.daemon(DaemonStatus.State.STARTING));
    fake(ready).tell(FakeSupervisors.daemon(DaemonStatus.State.READY));

    sandboxes.awaitDaemon(ready.id(), d -> d.state() == DaemonStatus.State.READY, SOON);
    assertThat(daemons).containsExactly(DaemonStatus.State.STARTING, DaemonStatus.State.READY);
  }

  @Test
  void aNewServiceAdoptsWhatRunsAndEndsWhatIsGone() throws Exception {
    Sandbox kept = ready(spec(null, false));
    Sandbox gone = ready(spec(null, false));
    leave();
    engine.remove("c-" + gone.id());

    sandboxes = service();
    assertThat(await(kept, s -> s.state() == SandboxState.READY).life().readyAt())
        .isEqualTo(kept.life().readyAt());
    assertThat(await(gone, s -> s.state().isTerminal()).reason()).isEqualTo(EndReason.ENGINE_LOST);
  }

  @Test
  void aNewServiceRemovesTheSpareOnesOfTheOneBeforeButNothingOfAnotherService() throws Exception {
    ready(spec(null, false));
    String own =
        String.valueOf(engine.list().getFirst().labels().get(StartupRecovery.INSTANCE_LABEL));
    leave();
    new PooledSandboxFiles(home).put(new SandboxId("sb-aaaaaaaa"));
    orphan("sb-aaaaaaaa", own);
    orphan("sb-bbbbbbbb", "another");

    sandboxes = service();
    assertThat(engine.containers).doesNotContainKey("c-sb-aaaaaaaa");
    assertThat(engine.containers).containsKey("c-sb-bbbbbbbb");
    assertThat(new PooledSandboxFiles(home).has(new SandboxId("sb-aaaaaaaa"))).isFalse();
  }

  @Test
  void whatIsInNoRecordRunsOnUnlessItIsToBeRemoved() throws Exception {
    Sandbox lost = ready(spec(null, false));
    leave();
    history = new TestHistory(TestHistory.h2(properties), properties);
    history.write("delete from sandboxes");
    history.close();

    sandboxes = service();
    assertThat(sandboxes.list()).isEmpty();
    assertThat(engine.containers).containsKey("c-" + lost.id());
    assertThat(engine.states).contains(lost.id());

    leave();
    removeUnknown = true;
    sandboxes = service();
    assertThat(engine.containers).isEmpty();
    assertThat(engine.states).isEmpty();
  }

  @Test
  void aCreateThatARestartBrokeOffIsMadeAnewUnderItsKey() throws Exception {
    History.Use use = new History.Use("k", "f");
    engine.pulling = new CountDownLatch(1);
    Sandbox first = sandboxes.create(spec(null, false), null, "me", use).sandbox();
    leave();
    engine.pulling = null;

    sandboxes = service();
    assertThatThrownBy(
            () -> sandboxes.create(spec(null, false), null, "me", new History.Use("k", "other")))
        .isInstanceOf(SandboxException.KeyReused.class);
    SandboxCreator.Created second = sandboxes.create(spec(null, false), null, "me", use);
    assertThat(second.replayed()).isFalse();
    assertThat(second.sandbox().id()).isNotEqualTo(first.id());
    assertThat(sandboxes.awaitReady(second.sandbox().id(), SOON).state())
        .isEqualTo(SandboxState.READY);
    assertThat(sandboxes.create(spec(null, false), null, "me", use).sandbox().id())
        .isEqualTo(second.sandbox().id());
  }

  @Test
  void changesMadeAtTheSameTimeAreAllKept() throws Exception {
    Sandbox ready = ready(spec(null, false));
    List<String> seen = new CopyOnWriteArrayList<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "label" + i;
      callers.add(Thread.ofVirtual().start(() -> label(ready.id(), name, seen)));
    }
    for (Thread caller : callers) {
      assertThat(caller.join(SOON)).isTrue();
    }
    assertThat(sandboxes.get(ready.id()).spec().labels()).hasSize(21);
    assertThat(seen).as("each caller was answered with its own change").hasSize(20);
  }

  private void label(SandboxId id, String name, List<String> seen) {
    try {
      Sandbox changed =
          sandboxes.respecify(
              id,
              spec -> {
                Map<String, String> labels = new HashMap<>(spec.labels());
                labels.put(name, "");
                return spec.with(spec.ttl(), labels);
              });
      if (changed.spec().labels().containsKey(name)) {
        seen.add(name);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRecordThatCannotBeReadIsLeftWhereItIsAndStopsNobody() throws Exception {
    for (String text : List.of("{}", "not json")) {
      history.write(
          "insert into sandboxes (id, state, created_at, record) values (?, 'READY', 1, ?)",
          text.equals("{}") ? "sb-cccccccc" : "sb-dddddddd",
          text);
      leave();
      sandboxes = service();
      assertThat(ready(spec(null, false)).state()).isEqualTo(SandboxState.READY);
      assertThat(history.number("select count(*) from sandboxes where created_at = 1"))
          .isPositive();
    }
  }

  @Test
  void anEndedSandboxCostsARowAndNoThreadAndIsListedInPages() throws Exception {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Sandbox ready = ready(spec(null, false));
      sandboxes.terminate(ready.id(), Duration.ZERO);
      await(ready, s -> s.state().isTerminal());
      made.addFirst(ready.id().value());
    }
    List<String> seen = new ArrayList<>();
    SandboxId last = null;
    for (List<Sandbox> page = sandboxes.page(null, _ -> true, last, 2);
        !page.isEmpty();
        page = sandboxes.page(null, _ -> true, last, 2)) {
      page.forEach(sandbox -> seen.add(sandbox.id().value()));
      last = page.getLast().id();
    }
    assertThat(seen).isEqualTo(made);
    // Its writer goes a moment after it has said that it ended.
    while (!sandboxes.list().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(sandboxes.get(new SandboxId(made.getFirst())).reason())
        .isEqualTo(EndReason.TERMINATED);
    assertThat(engine.states).isEmpty();
  }

  @Test
  void oneKeyIsOneSandboxHoweverOftenAndAtOnceItIsAskedFor() throws Exception {
    History.Use use = new History.Use("k", "f");
    List<SandboxId> ids = new CopyOnWriteArrayList<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      callers.add(Thread.ofVirtual().start(() -> create(use, ids)));
    }
    for (Thread caller : callers) {
      assertThat(caller.join(SOON)).isTrue();
    }
    assertThat(ids).hasSize(20);
    assertThat(java.util.Set.copyOf(ids)).hasSize(1);
    // A start that a restart breaks off frees its key.
    sandboxes.awaitReady(ids.getFirst(), SOON);
    leave();
    sandboxes = service();
    create(use, ids);
    assertThat(java.util.Set.copyOf(ids)).hasSize(1);
    assertThatThrownBy(
            () -> sandboxes.create(spec(null, false), null, "me", new History.Use("k", "other")))
        .isInstanceOf(SandboxException.KeyReused.class);
  }

  private void create(History.Use use, List<SandboxId> ids) {
    try {
      ids.add(sandboxes.create(spec(null, false), null, "me", use).sandbox().id());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stateThatNobodyOwnsIsRemovedWhenTheEngineIsLookedAt() {
    engine.states.add(new SandboxId("sb-aaaaaaaa"));
    leave();
    sandboxes = service();
    assertThat(engine.states).isEmpty();
  }

  /** As a service that stops. */
  private void leave() {
    service.stop();
    history.close();
  }

  @Test
  void whatTheHostCannotDoIsRefusedAtCreateTime() {
    SandboxSpec greedy = SandboxSpec.builder("i", new Resources(64, 1 << 30, 100, 0)).build();
    assertThatThrownBy(() -> sandboxes.create(greedy))
        .isInstanceOf(SandboxException.Unsupported.class);
  }

  private void orphan(String id, String instance) {
    engine.containers.put(
        "c-" + id,
        new Engine.Found(
            new SandboxId(id),
            "c-" + id,
            true,
            false,
            0,
            java.time.Instant.EPOCH,
            Map.of(StartupRecovery.INSTANCE_LABEL, instance)));
  }

  private Sandboxes service() {
    history = new TestHistory(TestHistory.h2(properties), properties);
    service = started(history);
    return service.sandboxes;
  }

  private TestService started(TestHistory with) {
    TestService made =
        new TestService(
            engine,
            inspector.preflight(),
            supervisors,
            with,
            properties,
            pool,
            removeUnknown,
            List.of((sandbox, before, now) -> daemons.add(now.state())));
    made.start();
    return made;
  }

  private FakeSupervisors.Fake fake(Sandbox sandbox) {
    return java.util.Objects.requireNonNull(supervisors.known.get(sandbox.id()));
  }

  /** Bounds that hold on a busy machine; what was measured stands in bench/README.md. */
  @Tag("slow")
  @Test
  void aThousandSandboxesChangeNoLatency() throws Exception {
    for (int i = 0; i < 20; i++) {
      ready(spec(null, false));
    }
    Latencies few = latencies();
    for (int i = 0; i < 1_000; i++) {
      ready(spec(null, false));
    }
    Latencies many = latencies();

    System.out.printf("20 sandboxes: %s; 1,000 more: %s%n", few, many);
    assertThat(many.lookMicros()).isLessThan(few.lookMicros() * 5 + 50);
    assertThat(many.pageMicros()).isLessThan(few.pageMicros() * 20 + 5_000);
    assertThat(many.createMicros()).isLessThan(few.createMicros() * 3 + 20_000);
  }

  /** Medians: of a look with the supervisor's call behind it, of a page of 20, of a create. */
  private record Latencies(double lookMicros, double pageMicros, double createMicros) {}

  private Latencies latencies() throws Exception {
    SandboxId one = sandboxes.list().getFirst().id();
    return new Latencies(
        median(
            2_000,
            () -> {
              assertThat(sandboxes.get(one).state()).isEqualTo(SandboxState.READY);
              sandboxes.supervisor(one).ask(new Request.DescribeActivity());
            }),
        median(50, () -> assertThat(sandboxes.page(null, _ -> true, null, 20)).hasSize(20)),
        median(20, () -> ready(spec(null, false))));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double median(int rounds, Work work) throws Exception {
    double[] micros = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long from = System.nanoTime();
      work.run();
      micros[i] = (System.nanoTime() - from) / 1e3;
    }
    java.util.Arrays.sort(micros);
    return micros[rounds / 2];
  }

  private Sandbox ready(SandboxSpec spec) throws InterruptedException {
    return sandboxes.awaitReady(sandboxes.create(spec).id(), SOON);
  }

  private Sandbox await(Sandbox sandbox, Predicate<Sandbox> until) throws InterruptedException {
    return sandboxes.await(sandbox.id(), until, SOON);
  }

  private static SandboxSpec spec(@Nullable Duration ttl, boolean docker) {
    return SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, 0))
        .labels(Map.of("team", "ci"))
        .env(Map.of("TOKEN", "s3cret"))
        .ttl(ttl)
        .docker(docker)
        .build();
  }

  static SandboxProperties properties(Path home, Duration ttl) {
    return new SandboxProperties(
        home,
        "debian",
        1,
        DataSize.ofGigabytes(1),
        100,
        DataSize.ofGigabytes(20),
        ttl,
        Duration.ofHours(1),
        DataSize.ofGigabytes(1),
        1000,
        SOON,
        Duration.ofSeconds(1),
        null,
        new SandboxProperties.Docker(
            List.of(),
            List.of(),
            0,
            "10.201.0.1/24",
            "10.202.0.0/16",
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            0.85,
            0.9));
  }
}
