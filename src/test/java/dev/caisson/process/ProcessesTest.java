package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What processes mean to a caller: what is thrown, counted and left alone. */
class ProcessesTest {
  private static final Request.Start PULL = Request.Start.builder("docker", "pull").build();

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

  /** Characters of three bytes, at whose middle every cut would be. */
  private FakeJournal much() {
    FakeJournal journal = supervisor.journal("5").write(StreamName.STDOUT, "first:");
    for (int i = 0; i < 3; i++) {
      journal.write(StreamName.STDOUT, "€".repeat(333_333));
    }
    journal.write(StreamName.STDOUT, "\nbecause of this\n").exit(7);
    supervisor.script =
        _ ->
            List.of(
                journal.process(),
                new Answer.Finished(
                    journal.process(),
                    Arrays.copyOf(bytes("first:" + "€".repeat(400_000)), Processes.TEXT_BYTES),
                    bytes("")));
    return journal;
  }

  @Test
  void theEndOfLongOutputIsThereToo() {
    long all = much().process().stdout().bytes();

    StreamAnswer stdout = processes.run(id, PULL, InlineText.BOTH).stdout();

    String text = String.valueOf(stdout.text());
    assertThat(stdout.bytes()).isEqualTo(all);
    assertThat(stdout.truncated()).isTrue();
    assertThat(text).startsWith("first:€").endsWith("€\nbecause of this\n");
    assertThat(text).doesNotContain("\uFFFD");
    Matcher mark = Pattern.compile("\n\\[… (\\d+) bytes are left out here …]\n").matcher(text);
    assertThat(mark.find()).isTrue();
    int shown = bytes(text).length - bytes(mark.group()).length;
    assertThat(shown).isBetween(Processes.TEXT_BYTES - 6, Processes.TEXT_BYTES);
    assertThat(Long.parseLong(mark.group(1))).isEqualTo(all - shown);
  }

  @Test
  void theHeadOrTheTailAloneIsThereWhereThatIsWanted() {
    much();

    assertThat(processes.run(id, PULL, InlineText.HEAD).stdout())
        .satisfies(head -> {
          assertThat(head.text()).startsWith("first:€").endsWith("€").doesNotContain("\uFFFD");
          assertThat(head.truncated()).isTrue();
        });
    assertThat(processes.run(id, PULL, InlineText.TAIL).stdout())
        .satisfies(tail -> {
          assertThat(tail.text()).startsWith("€").endsWith("€\nbecause of this\n");
          assertThat(tail.text()).doesNotContain("\uFFFD", "left out");
          assertThat(tail.truncated()).isTrue();
        });
  }

  @Test
  void whatIsShortIsAskedForOnce() {
    FakeJournal journal = supervisor.journal("5").write(StreamName.STDOUT, "out").exit(0);
    supervisor.script =
        _ ->
            List.of(
                journal.process(), new Answer.Finished(journal.process(), bytes("out"), bytes("")));

    assertThat(processes.run(id, PULL, InlineText.BOTH).stdout())
        .isEqualTo(new StreamAnswer(3, 0, "out", false));
    assertThat(supervisor.asked).hasSize(1);
  }

  @Test
  void howItEndedIsToldThoughTheEndOfItsOutputCannotBeRead() {
    FakeJournal journal = supervisor.journal("5").write(StreamName.STDOUT, "x".repeat(3 << 20));
    ProcessInfo ended = journal.exit(7).process();
    supervisor.script =
        request ->
            request instanceof Request.Run
                ? List.of(
                    process(6, ended),
                    new Answer.Finished(process(6, ended), new byte[1 << 20], bytes("")))
                : List.of(FakeSupervisor.refused("OUTPUT_LOST"));

    ProcessAnswer answer = processes.run(id, PULL, InlineText.TAIL);

    assertThat(answer.exit()).extracting("code").isEqualTo(7);
    assertThat(answer.stdout().text()).hasSize(1 << 20);
    assertThat(answer.stdout().truncated()).isTrue();
  }

  /** The same, but of another number, under which there is no journal. */
  private static ProcessInfo process(long pid, ProcessInfo of) {
    return of.toBuilder().pid(pid).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOENT", "EACCES", "E2BIG", "ENEWER", "NO_SUCH_USER"})
  void whatTheSystemDoesNotStartSaysSoAndNamesTheCommand(String code) {
    supervisor.script = _ -> List.of(FakeSupervisor.refused(code));

    assertThatThrownBy(() -> processes.run(id, PULL))
        .isInstanceOfSatisfying(
            ProcessException.NotStarted.class,
            e -> {
              assertThat(e.code().name()).isEqualTo(code);
              assertThat(e.details()).containsEntry("command", List.of("docker", "pull"));
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
        .isInstanceOfSatisfying(
            ProcessException.CutOff.class, e -> assertThat(e.details()).containsEntry("pid", 5L));
  }

  @Test
  void aProcessThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> processes.get(id, 99)).isInstanceOf(ProcessException.NotFound.class);
    assertThatThrownBy(() -> processes.await(id, 99, Duration.ZERO, false, InlineText.BOTH))
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
            e -> assertThat(e.details()).containsEntry("state", "ENDED"));
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
              processes.await(id, 5, Duration.ofMinutes(5), false, InlineText.BOTH);
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
