package dev.caisson.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.process.FakeSupervisor;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Status;
import tools.jackson.databind.json.JsonMapper;

/** A daemon is waited for as long as it can become ready, and no longer. */
class DaemonsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final FakeSupervisor supervisor = new FakeSupervisor();
  private final SandboxId id = sandboxes.add(supervisor, status(DaemonStatus.State.STARTING, 1));
  private final Streams streams = new Streams(JsonMapper.builder().build());
  private final Daemons daemons =
      new Daemons(sandboxes, streams, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @Test
  void aDaemonThatBecomesReadyEndsTheWait() throws Exception {
    Thread waiter = Thread.ofVirtual().start(() -> daemons.requireReady(id, LONG));
    assertThat(sandboxes.awaited.await(5, TimeUnit.SECONDS)).isTrue();
    sandboxes.put(id, SandboxState.READY, status(DaemonStatus.State.READY, 2));

    assertThat(waiter.join(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void aWaitThatAStopEndsIsToldThat() throws Exception {
    CompletableFuture<DaemonStatus> waiting =
        CompletableFuture.supplyAsync(() -> daemons.awaitReady(id, LONG));
    assertThat(sandboxes.awaited.await(5, TimeUnit.SECONDS)).isTrue();
    streams.stop();

    assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SandboxException.ServiceStopping.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "STOPPED", "UNSUPPORTED"})
  void aDaemonThatCannotBecomeReadyByItselfIsNotWaitedFor(DaemonStatus.State state) {
    sandboxes.put(id, SandboxState.READY, status(state, 2));

    assertThat(daemons.awaitReady(id, LONG).state()).isEqualTo(state);
    assertThatThrownBy(() -> daemons.requireReady(id, LONG))
        .isInstanceOfSatisfying(
            DockerException.NotReady.class,
            e ->
                assertThat(e.details())
                    .containsEntry("state", state.name())
                    .containsEntry("logTail", "the last line")
                    .doesNotContainKey("retryAfterMs"));
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTING", "MUTE", "BACKING_OFF"})
  void aDaemonThatMayComeBackIsWorthAskingAgain(DaemonStatus.State state) {
    sandboxes.put(id, SandboxState.READY, status(state, 2));

    assertThatThrownBy(() -> daemons.requireReady(id, SHORT))
        .isInstanceOfSatisfying(
            DockerException.NotReady.class,
            e ->
                assertThat(e.details())
                    .containsEntry(
                        "retryAfterMs", state == DaemonStatus.State.BACKING_OFF ? 4000L : 1000L));
  }

  @Test
  void aSandboxWithoutDockerSaysSoAtOnce() {
    sandboxes.put(id, SandboxState.READY, status(DaemonStatus.State.DISABLED, 1));

    assertThat(daemons.awaitReady(id, LONG).state()).isEqualTo(DaemonStatus.State.DISABLED);
    assertThatThrownBy(() -> daemons.requireReady(id, LONG))
        .isInstanceOf(DockerException.Disabled.class);
    assertThatThrownBy(() -> daemons.want(id, Request.DaemonCommand.START))
        .isInstanceOf(DockerException.Disabled.class);
  }

  @Test
  void aSandboxThatEndsEndsTheWait() {
    sandboxes.put(id, SandboxState.ENDED, status(DaemonStatus.State.STARTING, 1));

    assertThatThrownBy(() -> daemons.requireReady(id, LONG))
        .isInstanceOf(SandboxException.NotReady.class);
  }

  @Test
  void aCommandIsAnsweredOnceItsStateIsWhatEverybodySees() {
    sandboxes.put(id, SandboxState.READY, status(DaemonStatus.State.FAILED, 1));
    supervisor.script =
        request -> {
          Thread.ofVirtual()
              .start(() ->
                  sandboxes.put(id, SandboxState.READY, status(DaemonStatus.State.STARTING, 5)));
          assertThat(request).isEqualTo(new Request.Daemon(Request.DaemonCommand.START));
          return List.of(status(DaemonStatus.State.STARTING, 5));
        };

    assertThat(daemons.want(id, Request.DaemonCommand.START).state())
        .isEqualTo(DaemonStatus.State.STARTING);
    assertThat(daemons.get(id).state()).isEqualTo(DaemonStatus.State.STARTING);
  }

  @Test
  void healthCountsDaemonsByStateAndIsUpWhateverTheyDo() {
    sandboxes.add(supervisor, status(DaemonStatus.State.FAILED, 1));
    sandboxes.add(supervisor, status(DaemonStatus.State.FAILED, 1));
    SandboxId ended = sandboxes.add(supervisor, status(DaemonStatus.State.READY, 1));
    sandboxes.put(ended, SandboxState.ENDED, status(DaemonStatus.State.READY, 1));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    DockerDaemonsHealthIndicator health = new DockerDaemonsHealthIndicator(sandboxes, meters);

    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    assertThat(health.health().getDetails())
        .containsEntry("FAILED", 2L)
        .containsEntry("STARTING", 1L)
        .doesNotContainKey("READY");
    assertThat(meters.get("caisson.docker.daemons").tag("state", "FAILED").gauge().value())
        .isEqualTo(2);
  }

  static DaemonStatus status(DaemonStatus.State state, long changedAt) {
    return DaemonStatus.builder(state, true, changedAt)
        .pid(12)
        .version("26")
        .storageDriver("overlay2")
        .readyAfterMillis(400)
        .attempt(1)
        .attempts(5)
        .nextRestartAt(state == DaemonStatus.State.BACKING_OFF ? 4_000_000 : 0)
        .logTail("the last line")
        .build();
  }
}
