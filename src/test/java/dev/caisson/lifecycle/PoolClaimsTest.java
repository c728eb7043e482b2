package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.history.TestHistory;
import dev.caisson.host.FakeInspector;
import dev.caisson.sandbox.DockerVersions;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Shape;
import dev.caisson.sandbox.Startup;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spare sandboxes: made, handed out once, and never when they are no longer good. */
class PoolClaimsTest {
  private static final Resources SMALL = new Resources(1, 256L << 20, 100, 0);
  private static final Resources LARGE = new Resources(2, 512L << 20, 100, 0);

  @TempDir Path home;
  private final FakeEngine engine = new FakeEngine();
  private final FakeSupervisors supervisors = new FakeSupervisors();
  private final FakePool pool = new FakePool();
  private final CountDownLatch bad = new CountDownLatch(1);
  private TestHistory history;
  private TestService service;
  private PooledSandboxes spares;
  private Sandboxes sandboxes;

  @BeforeEach
  void begin() {
    SandboxProperties properties = SandboxesTest.properties(home, Duration.ofHours(1));
    history = new TestHistory(TestHistory.h2(properties), properties);
    supervisors.daemon = FakeSupervisors.daemon(DaemonStatus.State.READY);
    service =
        new TestService(
            engine,
            new FakeInspector().preflight(),
            supervisors,
            history,
            properties,
            pool,
            false,
            List.of());
    spares = service.spares;
    sandboxes = service.sandboxes;
    service.start();
  }

  @AfterEach
  void end() {
    service.stop();
    history.close();
  }

  @Test
  void aSpareOneIsTheCallersWithWhatTheCallerAskedFor() throws Exception {
    PooledSandbox spare = spare(spec(SMALL, Map.of()));

    Sandbox made = sandboxes.create(spec(LARGE, Map.of("TOKEN", "s3cret")));

    assertThat(made.id()).isEqualTo(spare.id());
    assertThat(made.state()).isEqualTo(SandboxState.READY);
    assertThat(made.daemon().state()).isEqualTo(DaemonStatus.State.READY);
    assertThat(made.startup().pooled()).isTrue();
    assertThat(made.startup().stages())
        .extracting(Startup.Stage::name)
        .containsExactly("claim", "limits");
    assertThat(engine.calls).contains("limit " + LARGE.memory());
    assertThat(claims(spare))
        .singleElement()
        .satisfies(claim -> assertThat(claim.env()).containsEntry("TOKEN", "s3cret"));
    assertThat(pool.held).isEmpty();
    History.Kept kept = history.history().find(made.id()).orElseThrow();
    assertThat(kept.container()).isEqualTo(spare.container());
    assertThat(kept.sandbox().state()).isEqualTo(SandboxState.READY);
  }

  @Test
  void oneWhoseDaemonIsNotReadyOrThatDoesNotAnswerIsNotHandedOut() throws Exception {
    PooledSandbox first = spare(spec(SMALL, Map.of()));
    Objects.requireNonNull(supervisors.known.get(first.id())).lost = true;
    PooledSandbox second = spare(spec(SMALL, Map.of()));
    supervisors.daemon = FakeSupervisors.daemon(DaemonStatus.State.FAILED);

    Sandbox made = sandboxes.create(spec(SMALL, Map.of()));
    supervisors.daemon = null;

    assertThat(made.id()).isNotIn(first.id(), second.id());
    Sandbox ready = sandboxes.awaitReady(made.id(), Duration.ofSeconds(10));
    assertThat(ready.startup().pooled()).isFalse();
    assertThat(ready.startup().miss()).isEqualTo("EMPTY");
  }

  @Test
  void whatIsRefusedIsNotAskedOfOneAfterTheOther() throws Exception {
    PooledSandbox first = spare(spec(SMALL, Map.of()));
    PooledSandbox second = spare(spec(SMALL, Map.of()));
    engine.limitFailure = new EngineException.Refused(409, "too little", null);

    Sandbox made = sandboxes.create(spec(LARGE, Map.of()));
    supervisors.daemon = null;

    assertThat(made.id()).isNotIn(first.id(), second.id());
    assertThat(pool.spares).containsExactly(second);
    Sandbox ready = sandboxes.awaitReady(made.id(), Duration.ofSeconds(10));
    assertThat(ready.startup().miss()).isEqualTo("RESOURCES");
  }

  @Test
  void whoHoldsItIsToldWhenItsDaemonFails() throws Exception {
    PooledSandbox spare = spare(spec(SMALL, Map.of()));

    Objects.requireNonNull(supervisors.known.get(spare.id()))
        .tell(FakeSupervisors.daemon(DaemonStatus.State.FAILED));

    assertThat(bad.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theCensusLeavesWhatThePoolHolds() throws Exception {
    PooledSandbox spare = spare(spec(SMALL, Map.of()));
    PooledSandbox forgotten = spare(spec(SMALL, Map.of()));
    pool.held.remove(forgotten.id());

    engine.tell(Engine.Change.CONNECTED, null);

    assertThat(engine.list())
        .extracting(Engine.Found::sandbox)
        .contains(spare.id())
        .doesNotContain(forgotten.id());
    engine.tell(Engine.Change.DIED, spare.id());
    assertThat(pool.died).containsExactly(spare.id());
  }

  @Test
  void whatCannotBeChangedLaterIsSaid() {
    Shape shape = shape(spec(SMALL, Map.of()), Isolation.USERNS);

    assertThat(shape.differs(shape(spec(LARGE, Map.of("A", "b")), Isolation.USERNS))).isNull();
    assertThat(shape.differs(shape(spec(SMALL, Map.of()), Isolation.CAPABILITIES)))
        .isEqualTo("ISOLATION");
    assertThat(
            shape.differs(shape(spec(SMALL, Map.of("HTTPS_PROXY", "http://p")), Isolation.USERNS)))
        .isEqualTo("PROXY");
    assertThat(
            shape(spec(SMALL, Map.of()), Isolation.CAPABILITIES)
                .differs(shape(spec(LARGE, Map.of()), Isolation.CAPABILITIES)))
        .isEqualTo("RESOURCES");
    assertThat(
            shape.differs(
                shape(
                    spec(new Resources(1, 256L << 20, 100, 1L << 30), Map.of()), Isolation.USERNS)))
        .isEqualTo("DISK");
    assertThat(shape.differs(shape(withDocker("26"), Isolation.USERNS)))
        .isEqualTo("DOCKER_VERSION");
  }

  /** Whoever names the version that one gets anyway is given what is ready of that. */
  @Test
  void theUsualVersionOfDockerIsTheSameByAnyName() {
    Shape usual = shape(spec(SMALL, Map.of()), Isolation.USERNS);
    Shape other = shape(withDocker("26.1.5"), Isolation.USERNS);

    for (String name : List.of("28", "28.5", "28.5.2")) {
      assertThat(usual.differs(shape(withDocker(name), Isolation.USERNS))).isNull();
    }
    assertThat(other.differs(shape(withDocker("26"), Isolation.USERNS))).isNull();
    assertThat(other.differs(usual)).isEqualTo("DOCKER_VERSION");
    assertThat(other.differs(shape(withDocker("27"), Isolation.USERNS)))
        .isEqualTo("DOCKER_VERSION");
  }

  private static SandboxSpec withDocker(String version) {
    return spec(SMALL, Map.of()).withDocker(version);
  }

  private static Shape shape(SandboxSpec spec, Isolation isolation) {
    return Shape.of(spec, isolation, new DockerVersions("28.5.2", List.of("26.1.5")));
  }

  @Test
  void noneIsMadeWhereTooLittleOfTheHostsDiskIsLeft() {
    Duration never = Duration.ofDays(1);
    HostDisk full =
        new HostDisk(
            home,
            engine,
            new DiskProperties(0.05, 0.02, never, never),
            path -> new HostDisk.Space(path, 100, 4));
    assertThatThrownBy(() ->
            service.spares(full).make(SandboxId.random(), spec(SMALL, Map.of()), null, () -> {}))
        .isInstanceOf(SandboxException.HostDiskFull.class);
    assertThat(engine.calls).isEmpty();
  }

  private List<Request.Claim> claims(PooledSandbox spare) {
    return Objects.requireNonNull(supervisors.known.get(spare.id())).asked.stream()
        .filter(Request.Claim.class::isInstance)
        .map(Request.Claim.class::cast)
        .toList();
  }

  private PooledSandbox spare(SandboxSpec spec) throws InterruptedException {
    PooledSandbox spare = spares.make(SandboxId.random(), spec, null, bad::countDown);
    pool.add(spare);
    return spare;
  }

  private static SandboxSpec spec(Resources resources, Map<String, String> env) {
    return SandboxSpec.builder("busybox:latest", resources).env(env).docker(true).build();
  }
}
