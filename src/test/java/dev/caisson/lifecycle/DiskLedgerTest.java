package dev.caisson.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import dev.caisson.sandbox.Usage;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the watch measures a sandbox, and who is over. */
class DiskLedgerTest {
  private static final long MEBI = 1L << 20;
  private static final Duration NEVER = Duration.ofDays(1);

  private final FakeEngine engine = new FakeEngine();
  private final DiskLedger ledger =
      new DiskLedger(
          engine,
          SandboxesTest.properties(Path.of("/"), Duration.ofHours(1)),
          new DiskProperties(0, 0, NEVER, NEVER));
  private final Sandbox small = sandbox("sb-22222222", 64 * MEBI);
  private final Sandbox usual = sandbox("sb-33333333", 0);

  @Test
  void whatWasThereBeforeTheServiceIsMeasuredAtOnce() {
    engine.kept.put(small.id(), 65 * MEBI);
    engine.kept.put(usual.id(), 65 * MEBI);

    assertThat(ledger.look(List.of(small, usual), 0)).containsExactly(small.id());
    assertThat(ledger.kept(usual.id())).isEqualTo(65 * MEBI);
    assertThat(ledger.bound(usual.id())).isEqualTo(20L << 30);
  }

  @Test
  void aNewOneIsMeasuredWhenSoMuchIsGoneThatItCanBeOver() {
    ledger.look(List.of(), 0);
    engine.kept.put(small.id(), 40 * MEBI);
    engine.kept.put(usual.id(), 40 * MEBI);
    List<Sandbox> both = List.of(small, usual);

    ledger.look(both, 63 * MEBI);
    assertThat(engine.measured).isEmpty();
    assertThat(ledger.look(both, MEBI)).isEmpty();
    assertThat(engine.measured).containsExactly(small.id());
  }

  @Test
  void whatItHasLeftCountsAtTheNext() {
    DiskAccount account = DiskAccount.fresh(64, NEVER, 0);
    account.taken(64);
    account.measured(60L, 1, 0);
    account.taken(3);
    assertThat(account.isDue(1)).isFalse();
    account.taken(1);
    assertThat(account.isDue(1)).isTrue();
    account.measured(65L, 1, 0);
    assertThat(account.isOver()).isTrue();
  }

  @Test
  void itIsMeasuredNowAndThenAllTheSame() {
    DiskAccount account = DiskAccount.fresh(64, Duration.ofNanos(100), 0);
    assertThat(account.isDue(99)).isFalse();
    assertThat(account.isDue(100)).isTrue();
  }

  @Test
  void aMeasurementThatTookLongIsFollowedByARest() {
    DiskAccount account = DiskAccount.fresh(64, Duration.ofNanos(100), 0);
    account.measured(1L, 100, 500);
    account.taken(64);
    assertThat(account.isDue(599)).isFalse();
    assertThat(account.isDue(600)).isTrue();
  }

  @Test
  void withoutABoundNothingIsOver() {
    DiskAccount account = new DiskAccount(0, NEVER, 0);
    account.measured(Long.MAX_VALUE, 0, 0);
    account.taken(Long.MAX_VALUE);
    assertThat(account.isOver()).isFalse();
    assertThat(account.isDue(1)).isFalse();
  }

  @Test
  void whereDirectoriesAreNotSeenTheEngineIsAskedOnceForAll() {
    engine.engineSays = Map.of(small.id(), 65 * MEBI, usual.id(), MEBI);

    assertThat(ledger.look(List.of(small, usual), 0)).containsExactly(small.id());
    assertThat(engine.measured).hasSize(1);
    assertThat(ledger.kept(usual.id())).isEqualTo(MEBI);
  }

  @Test
  void aSampleOfWhatItUsesSaysWhatItKeeps() {
    engine.kept.put(small.id(), 3 * MEBI);
    ledger.look(List.of(small), 0);
    Usage sample = new Usage(Instant.EPOCH, 1, 2, 3, 4, 5, null);
    engine.sample = sample;

    assertThat(ledger.usage(small.id(), "c").next()).isEqualTo(sample.keeping(3 * MEBI));
  }

  @Test
  void whoHasEndedIsForgotten() {
    engine.kept.put(small.id(), 65 * MEBI);
    ledger.look(List.of(small), 0);

    assertThat(ledger.look(List.of(), 0)).isEmpty();
    assertThat(ledger.kept(small.id())).isNull();
  }

  @Test
  void allAreMeasuredForTheLargest() {
    ledger.look(List.of(), 0);
    engine.kept.put(small.id(), 3 * MEBI);
    engine.kept.put(usual.id(), 2 * MEBI);

    assertThat(ledger.all(List.of(small, usual)))
        .isEqualTo(Map.of(small.id(), 3 * MEBI, usual.id(), 2 * MEBI));
  }

  private static Sandbox sandbox(String id, long disk) {
    SandboxSpec spec = SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, disk)).build();
    DaemonStatus none = Sandboxes.unheard(false, Instant.EPOCH);
    return new Sandbox(
        SandboxId.parse(id).orElseThrow(),
        spec,
        Isolation.USERNS,
        null,
        Life.builder(SandboxState.READY, Instant.EPOCH).build(),
        Startup.NONE,
        none,
        List.of());
  }
}
