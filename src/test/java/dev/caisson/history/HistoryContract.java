package dev.caisson.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.access.Grant;
import dev.caisson.access.GrantRecords;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.ProcessInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What the service expects of any database; one subclass for each that there is. */
@Timeout(120)
abstract class HistoryContract {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00.123456Z");

  @TempDir Path home;
  private TestHistory history;

  /** An empty one, or what is left in it. */
  abstract DataSource source(SandboxProperties properties);

  @BeforeEach
  void open() {
    history = new TestHistory(source(properties()), properties());
    history.ledger.write(page -> {
      for (String table : List.of("owners", "sandboxes", "processes", "events", "grants")) {
        page.sql().update("delete from " + table);
      }
      page.sql().update("update marks set mark = 0");
    });
    reopen();
  }

  @AfterEach
  void close() {
    history.close();
  }

  private void reopen() {
    history.close();
    history = new TestHistory(source(properties()), properties());
  }

  @Test
  void aSandboxIsFoundAsItWasRecordedAfterARestart() throws Exception {
    Sandbox sandbox = sandbox("ünïcode \ud83d\ude00 \0 \ud800");
    assertThat(history.records.begin(sandbox, null, new History.Use("k", "f"))).isNull();
    Sandbox ready = ready(sandbox);
    history.records.save(ready, "c1", NOW, () -> {});
    reopen();

    History.Kept kept = history.records.find(sandbox.id()).orElseThrow();
    assertThat(kept.sandbox()).isEqualTo(ready.withoutEnv());
    assertThat(kept.container()).isEqualTo("c1");
    assertThat(history.records.running()).hasSize(1);
    assertThat(history.records.keyed("k")).contains(new History.Keyed(sandbox.id(), "f"));
    assertThat(history.records.begin(sandbox("other"), null, new History.Use("k", "g")))
        .isEqualTo(new History.Keyed(sandbox.id(), "f"));
    history.records.forget(sandbox.id());
    assertThat(history.records.keyed("k")).isEmpty();
    assertThat(history.records.find(sandbox.id())).isEmpty();
  }

  @Test
  void grantsAreFoundAfterARestartAndForgottenWithTheirSandbox() throws Exception {
    Sandbox sandbox = sandbox("granted");
    String id = sandbox.id().value();
    assertThat(history.records.begin(sandbox, "c-1", null)).isNull();
    Grant port = new Grant("p", id, Grant.Scope.PORT, 80, NOW.plusSeconds(2));
    Grant docker = new Grant("d", id, Grant.Scope.DOCKER, null, NOW.plusSeconds(1));
    Grant other = new Grant("o", "sb-other", Grant.Scope.DOCKER, null, NOW.plusSeconds(3));
    for (Grant grant : List.of(port, docker, other)) {
      history.grants.add(new GrantRecords.Hashed(grant, "00ff"));
    }
    reopen();

    assertThat(history.grants.find("p")).isEqualTo(new GrantRecords.Hashed(port, "00ff"));
    assertThat(history.grants.find("x")).isNull();
    assertThat(history.grants.list(id)).containsExactly(docker, port);
    assertThat(history.grants.firstEnd()).isEqualTo(docker.expiresAt());
    assertThat(history.grants.endingBy(port.expiresAt())).containsExactly(docker, port);
    history.grants.remove("d");
    assertThat(history.grants.list(id)).containsExactly(port);
    history.records.save(
        at(sandbox, Life.builder(SandboxState.ENDED, NOW).endedAt(NOW).build()),
        null,
        NOW,
        () -> {});
    assertThat(history.grants.list(id)).isEmpty();
    assertThat(history.grants.find("o")).isNotNull();
    history.grants.remove("o");
    assertThat(history.grants.firstEnd()).isNull();
  }

  @Test
  void aDatabaseHasOneOwner() {
    history.records.claim();
    history.records.claim();
    history.ledger.write(page -> page.sql().update("update owners set instance = 'another'"));
    org.assertj.core.api.Assertions.assertThatThrownBy(history.records::claim)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another");
  }

  @Test
  void processesAreAsLastHeardOfAndEachChangeIsAnEvent() throws Exception {
    SandboxId id = SandboxId.random();
    SeenProcesses sightings = new SeenProcesses(id, history.processes, java.time.Clock.systemUTC());
    for (int pid = 1; pid <= 1000; pid++) {
      sightings.saw(process(pid, null));
      sightings.saw(process(pid, null));
      sightings.saw(process(pid, new ProcessInfo.Exit(3, null, ProcessInfo.Cause.EXITED, 9)));
    }
    history.settle();
    reopen();
    List<ProcessInfo> listed = new ArrayList<>();
    history.processes.list(id).forEachRemaining(listed::add);
    assertThat(listed).hasSize(1000).allMatch(p -> p.exit() != null);
    assertThat(listed).extracting(ProcessInfo::pid).doesNotHaveDuplicates();
    assertThat(history.events.last()).isEqualTo(2000);
    SeenProcesses again = new SeenProcesses(id, history.processes, java.time.Clock.systemUTC());
    again.load();
    again.saw(process(7, new ProcessInfo.Exit(3, null, ProcessInfo.Cause.EXITED, 9)));
    again.saw(process(7, null));
    history.settle();
    assertThat(history.events.last()).as("nothing is told twice").isEqualTo(2000);
  }

  @Test
  void eventsAreNumberedWithoutHolesAndReadTheSameFromMemoryAndFromTheTable() throws Exception {
    SandboxId one = SandboxId.random();
    SandboxId two = SandboxId.random();
    CountDownLatch writers = new CountDownLatch(8);
    for (int w = 0; w < 8; w++) {
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < 500; i++) {
              SandboxId id = i % 2 == 0 ? one : two;
              String line = "line " + i;
              history.ledger.append(
                  page -> page.event(id, NOW, new EventData.ImageProgress("i", line)));
            }
            writers.countDown();
          });
    }
    assertThat(writers.await(60, TimeUnit.SECONDS)).isTrue();
    history.settle();
    assertThat(read(0, null)).hasSize(4000);
    assertThat(read(3990, null))
        .containsExactly(3991L, 3992L, 3993L, 3994L, 3995L, 3996L, 3997L, 3998L, 3999L, 4000L);
    List<Long> ofOne = read(0, one);
    assertThat(ofOne).hasSize(2000);
    reopen();
    assertThat(read(0, null))
        .isEqualTo(IntStream.rangeClosed(1, 4000).asLongStream().boxed().toList());
    assertThat(read(0, one)).isEqualTo(ofOne);
    history.ledger.append(page -> page.event(one, NOW, new EventData.ImageProgress("i", "later")));
    history.settle();
    assertThat(history.events.last()).as("no number is used twice").isEqualTo(4001);
  }

  @Test
  void whatIsNoLongerKeptIsSaid() {
    SandboxId one = SandboxId.random();
    for (int i = 0; i < 10; i++) {
      history.ledger.append(page -> page.event(one, NOW, new EventData.ImageProgress("i", "l")));
    }
    history.settle();
    history.ledger.write(page -> {
      page.sql().update("delete from events where seq <= 4");
      page.sql().update("update marks set mark = 4 where name = 'removed'");
      page.sql()
          .update("update marks set mark = ? where name = 'removed_at'", RecordJson.micros(NOW));
    });
    reopen();
    EventLog.Wanted all = new EventLog.Wanted(null, Set.of());
    EventLog.Piece piece = history.events.after(1, all, Instant.EPOCH);
    assertThat(piece.gap()).isEqualTo(new EventData.Gap(2, 4));
    assertThat(piece.events()).first().extracting(SandboxEvent::seq).isEqualTo(5L);
    assertThat(history.events.after(0, all, NOW.plusSeconds(1)).gap()).isNull();
    assertThat(history.events.after(4, all, Instant.EPOCH).gap()).isNull();
  }

  @Test
  void oneEntryTheDatabaseDoesNotTakeHoldsUpNoOther() {
    SandboxId id = SandboxId.random();
    history.ledger.append(page -> page.sql().update("insert into nowhere values (1)"));
    history.ledger.append(page -> page.event(id, NOW, new EventData.ImageProgress("i", "l")));
    history.settle();
    assertThat(history.events.last()).isEqualTo(1);
  }

  private List<Long> read(long after, @org.jspecify.annotations.Nullable SandboxId of) {
    List<Long> seqs = new java.util.ArrayList<>();
    EventLog.Wanted wanted = new EventLog.Wanted(of, Set.of("image"));
    long seq = after;
    while (seq < history.events.last()) {
      EventLog.Piece piece = history.events.after(seq, wanted, Instant.EPOCH);
      piece.events().forEach(event -> seqs.add(event.seq()));
      seq = piece.upTo();
    }
    return seqs;
  }

  private static Sandbox sandbox(String name) {
    SandboxSpec spec =
        SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, 0))
            .name(name)
            .labels(Map.of("a", name))
            .env(Map.of("TOKEN", "s3cret"))
            .ttl(Duration.ofMinutes(1))
            .build();
    DaemonStatus none = DaemonStatus.untouched(DaemonStatus.State.DISABLED, false, 0);
    Life life = Life.builder(SandboxState.STARTING, NOW).build();
    return new Sandbox(
        SandboxId.random(), spec, Isolation.USERNS, null, life, Startup.NONE, none, List.of());
  }

  private static Sandbox ready(Sandbox sandbox) {
    return at(sandbox, Life.builder(SandboxState.READY, NOW).readyAt(NOW).build());
  }

  private static Sandbox at(Sandbox sandbox, Life life) {
    return new Sandbox(
        sandbox.id(),
        sandbox.spec(),
        sandbox.isolation(),
        "sha256:d",
        life,
        new Startup(5, List.of(), false, null),
        sandbox.daemon(),
        sandbox.warnings());
  }

  private static ProcessInfo process(
      long pid, ProcessInfo.@org.jspecify.annotations.Nullable Exit exit) {
    return ProcessInfo.builder(pid, List.of("true")).startedAt(pid).exit(exit).build();
  }

  private SandboxProperties properties() {
    return new SandboxProperties(
        home,
        "debian",
        1,
        DataSize.ofGigabytes(1),
        100,
        DataSize.ofGigabytes(20),
        Duration.ofHours(1),
        Duration.ofHours(1),
        DataSize.ofGigabytes(1),
        1000,
        Duration.ofSeconds(10),
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
