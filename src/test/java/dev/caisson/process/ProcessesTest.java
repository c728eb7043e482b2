package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.sandbox.FakeSandboxes;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What processes mean to a caller: what is thrown, counted and left alone. */
class ProcessesTest {
  private static final Request.Start PULL =
      new Request.Start(List.of("docker", "pull"), false, null, Map.of(), null, false, null, 0, 0);

  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final FakeSupervisor supervisor = new FakeSupervisor();
  private final SandboxId id = sandboxes.add(supervisor, OutputEventsTest.daemon());
  private final Streams streams = new Streams(JsonMapper.builder().build());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Processes processes = new Processes(sandboxes, streams, new ProcessRecord(meters));

  @Test
  void aForegroundProcessIsTimedAndItsOutputCounted() {
    FakeJournal journal = supervisor.journal("5").exit(0);
    supervisor.script =
        _ ->
            List.of(
                journal.process(),
                new Answer.Finished(journal.process(), bytes("out"), bytes("errors")));

    assertThat(processes.run(id, PULL).stdout()).isEqualTo(bytes("out"));

    assertThat(meters.get("caisson.process.exec").tag("cause", "EXITED").timer().count()).isOne();
    assertThat(meters.get("caisson.process.started").counter().count()).isOne();
    assertThat(meters.get("caisson.process.output").tag("stream", "stderr").counter().count())
        .isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOENT", "EACCES", "E2BIG", "NO_SUCH_USER"})
  void whatTheSystemDoesNotStartSaysSoAndNamesTheCommand(String code) {
    supervisor.script = _ -> List.of(FakeSupervisor.refused(code));

    assertThatThrownBy(() -> processes.run(id, PULL))
        .isInstanceOfSatisfying(
            ProcessException.NotStarted.class,
            e -> {
              assertThat(e.code).isEqualTo(code);
              assertThat(e.command).containsExactly("docker", "pull");
              assertThat(e).hasMessageContaining("docker");
            });
    assertThatThrownBy(() -> processes.start(id, PULL))
        .isInstanceOf(ProcessException.NotStarted.class);
  }

  @Test
  void aRefusalThatIsNotTheSystemsStaysWhatItIs() {
    supervisor.script = _ -> List.of(FakeSupervisor.refused("INTERNAL"));

    assertThatThrownBy(() -> processes.run(id, PULL))
        .isInstanceOf(SupervisorException.Refused.class);
  }

  @Test
  void aSupervisorLostAfterTheStartLeavesAProcessThatIsNamed() {
    supervisor.script =
        _ ->
            List.of(
                supervisor.journal("5").process(),
                new SupervisorException.Lost(id, "connection reset", null));

    assertThatThrownBy(() -> processes.run(id, PULL))
        .isInstanceOfSatisfying(ProcessException.CutOff.class, e -> assertThat(e.pid).isEqualTo(5));
  }

  @Test
  void aProcessThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> processes.get(id, 99)).isInstanceOf(ProcessException.NotFound.class);
    assertThatThrownBy(() -> processes.await(id, 99, Duration.ZERO, false))
        .isInstanceOf(ProcessException.NotFound.class);
    supervisor.script = _ -> List.of(FakeSupervisor.refused("NO_SUCH_PROCESS"));
    assertThatThrownBy(() -> processes.signal(id, 99, "TERM"))
        .isInstanceOf(ProcessException.NotFound.class);
    assertThatThrownBy(() -> processes.end(id, 99, Duration.ZERO, false))
        .isInstanceOf(ProcessException.NotFound.class);
  }

  @Test
  void aSignalThatIsNoneAndOneThatComesTooLateAreToldApart() {
    supervisor.script = _ -> List.of(FakeSupervisor.refused("EINVAL"));
    assertThatThrownBy(() -> processes.signal(id, 5, "NOPE"))
        .isInstanceOf(ProcessException.BadSignal.class);
    supervisor.script = _ -> List.of(FakeSupervisor.refused("ESRCH"));
    assertThatThrownBy(() -> processes.signal(id, 5, "TERM"))
        .isInstanceOf(ProcessException.Ended.class);
  }

  @Test
  void nothingIsStartedInASandboxThatIsNotReadyButItsProcessesCanBeRead() {
    supervisor.journal("5").exit(0);
    sandboxes.put(id, SandboxState.ENDED, OutputEventsTest.daemon());

    assertThatThrownBy(() -> processes.start(id, PULL))
        .isInstanceOfSatisfying(
            SandboxException.NotReady.class,
            e -> assertThat(e.state).isEqualTo(SandboxState.ENDED));
    assertThat(processes.get(id, 5).exit()).isNotNull();
    List<ProcessInfo> listed = new ArrayList<>();
    processes.each(id, listed::add);
    assertThat(listed).hasSize(1);
  }

  @Test
  void aStopOfTheServiceEndsALongWaitAndItsThreadCanStillAnswer() throws Exception {
    supervisor.journal("5");
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              processes.await(id, 5, Duration.ofMinutes(5), false);
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    assertThat(supervisor.addressed.await(5, TimeUnit.SECONDS)).isTrue();
    streams.stop();

    assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
    assertThat(interrupted.get()).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
