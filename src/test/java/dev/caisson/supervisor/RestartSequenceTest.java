package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Codec;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Attempt;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.RestartPolicy;
import dev.caisson.supervisor.wire.Request.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names, keys, and attempts that follow each other. */
@Timeout(60)
class RestartSequenceTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void aNameIsTakenWhileItsProcessRuns() throws Exception {
    ProcessInfo first = supervisor.begin(Start.builder("sleep", "60").name("web"));
    assertThat(first.name()).isEqualTo("web");
    assertRefused(
        supervisor.ask(Start.builder("true").name("web").build()),
        "NAME_TAKEN",
        Long.toString(first.pid()));
    supervisor.ask(new Request.End(first.pid(), 1_000));

    assertRefused(
        supervisor.ask(Start.builder("no-such").name("web").build()), "ENOENT", "no-such");
    for (int i = 0; i < 20; i++) {
      assertThat(supervisor.run(Start.builder("true").name("web").build()).process().name())
          .isEqualTo("web");
    }
  }

  @Test
  void aKeyStartsOneProcessHoweverOftenItIsAsked() throws Exception {
    Path file = supervisor.work().resolve("once");
    Start start =
        Start.shellBuilder("echo $$ >>once; exec sleep 60")
            .once(new Request.Once("key-1", "sleeps"))
            .build();
    List<Callable<Message>> asking = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asking.add(() -> supervisor.ask(start));
    }
    long pid = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Message> future : threads.invokeAll(asking)) {
        ProcessInfo process = (ProcessInfo) future.get();
        assertThat(pid).isIn(0L, process.pid());
        pid = process.pid();
      }
    }
    // The shell makes the file before it writes the line, in one piece.
    until("its line", () -> file.toFile().length() > 0);
    assertThat(Files.readAllLines(file)).containsExactly(Long.toString(pid));
    assertRefused(
        supervisor.ask(Start.builder("true").once(new Request.Once("key-1", "another")).build()),
        "KEY_REUSED",
        "key");
    supervisor.ask(new Request.End(pid, 1_000));

    List<Message> answers = supervisor.stream(new Request.Run(start, 100));
    assertThat(exit((ProcessInfo) answers.get(0)).cause())
        .isEqualTo(ProcessInfo.Cause.KILLED_BY_USER);
    assertThat(((Answer.Finished) answers.get(1)).process().pid()).isEqualTo(pid);
  }

  @Test
  void whoeverAsksUnderAKeyIsToldOfTheEnd() throws Exception {
    Start start =
        Start.shellBuilder("sleep 1; echo done").once(new Request.Once("key-4", "waits")).build();
    List<Callable<Answer.Finished>> asking = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asking.add(() -> supervisor.run(start));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer.Finished> future : threads.invokeAll(asking)) {
        assertThat(future.get().stdout()).asString(UTF_8).isEqualTo("done\n");
      }
    }
  }

  @Test
  void aKeyIsForgottenWithAStartThatFailed() throws Exception {
    assertRefused(
        supervisor.ask(Start.builder("no-such").once(new Request.Once("key-2", "a")).build()),
        "ENOENT",
        "no-such");

    assertThat(
            supervisor
                .run(Start.builder("true").once(new Request.Once("key-2", "b")).build())
                .process()
                .exit())
        .isNotNull();
  }

  @Test
  void whatFailsIsStartedAgainUntilItDoesNot() throws Exception {
    try (Connection watching = supervisor.connect()) {
      watching.send(new Request.Watch());
      assertThat(watching.receive()).isInstanceOf(DaemonStatus.class);
      ProcessInfo first =
          supervisor.begin(
              Start.shellBuilder("echo x >>tries; [ $(wc -l <tries) = 3 ]")
                  .name("tries")
                  .once(new Request.Once("key-3", "tries"))
                  .restart(RestartPolicy.ON_FAILURE));
      assertAlone(attempt(first));

      ProcessInfo ended = supervisor.await(first.pid()).process();
      assertThat(attempt(ended).nextAt()).isEqualTo(exit(ended).at() + 250_000);
      assertRefused(
          supervisor.ask(Start.builder("true").name("tries").build()), "NAME_TAKEN", "tries");

      List<ProcessInfo> starts = new ArrayList<>();
      while (starts.size() < 3) {
        if (watching.receive() instanceof ProcessInfo told
            && "tries".equals(told.name())
            && told.exit() == null) {
          starts.add(told);
        }
      }
      long second = starts.get(1).pid();
      long third = starts.get(2).pid();
      assertThat(exit(supervisor.await(third)).code()).isZero();
      until("the link", () -> attempt(supervisor.describe(second)).next() == third);
      assertThat(attempt(supervisor.describe(first.pid())))
          .isEqualTo(new Attempt(RestartPolicy.ON_FAILURE, 1, 0, second, 0, false));
      assertThat(attempt(supervisor.describe(second)))
          .isEqualTo(new Attempt(RestartPolicy.ON_FAILURE, 2, first.pid(), third, 0, false));
      assertThat(attempt(supervisor.describe(third)))
          .isEqualTo(new Attempt(RestartPolicy.ON_FAILURE, 3, second, 0, 0, false));
      assertThat(
              Codec.decodeRecord(
                  Files.readAllBytes(supervisor.state(first.pid()).resolve("record")),
                  ProcessInfo.class))
          .isEqualTo(supervisor.describe(first.pid()));
      ProcessInfo again =
          supervisor.begin(
              Start.builder("true").once(new Request.Once("key-3", "tries")).name("not asked"));
      assertThat(again.pid()).isEqualTo(third);
      assertThat(supervisor.begin(Start.builder("true").name("tries")).pid()).isNotEqualTo(third);
    }
  }

  @Tag("slow")
  @Test
  void givesUpAfterFiveTimesInAMinute() throws Exception {
    ProcessInfo last =
        supervisor.begin(Start.builder("false").name("hopeless").restart(RestartPolicy.ALWAYS));
    while (!attempt(last).exhausted()) {
      long pid = last.pid();
      supervisor.await(pid);
      until("what comes of it", () -> attempt(supervisor.describe(pid)).nextAt() == 0);
      ProcessInfo ended = supervisor.describe(pid);
      last = attempt(ended).exhausted() ? ended : supervisor.describe(attempt(ended).next());
    }
    assertThat(attempt(last).number()).isEqualTo(6);
    assertThat(supervisor.begin(Start.builder("true").name("hopeless")).pid()).isPositive();
  }

  @Test
  void anEndThatIsAskedForEndsTheChainWhicheverAttemptIsNamed() throws Exception {
    ProcessInfo first =
        supervisor.begin(
            Start.shellBuilder("[ -e again ] && exec sleep 60; : >again; exit 1")
                .name("sequence")
                .restart(RestartPolicy.ALWAYS));
    until("the second", () -> attempt(supervisor.describe(first.pid())).next() > 0);
    long second = attempt(supervisor.describe(first.pid())).next();

    assertThat(((ProcessInfo) supervisor.ask(new Request.End(first.pid(), 1_000))).pid())
        .isEqualTo(first.pid());

    ProcessInfo ended = supervisor.describe(second);
    assertThat(exit(ended).cause()).isEqualTo(ProcessInfo.Cause.KILLED_BY_USER);
    assertThat(attempt(ended))
        .isEqualTo(new Attempt(RestartPolicy.ALWAYS, 2, first.pid(), 0, 0, false));
    supervisor.run(Start.builder("true").name("sequence").build());
  }

  @Test
  void anEndDuringThePauseCallsTheNextOff() throws Exception {
    long pid =
        supervisor
            .begin(Start.builder("false").name("paused").restart(RestartPolicy.ON_FAILURE))
            .pid();
    assertThat(attempt(supervisor.await(pid).process()).nextAt()).isPositive();

    ProcessInfo ended = (ProcessInfo) supervisor.ask(new Request.End(pid, 1_000));

    assertAlone(attempt(ended));
    supervisor.run(Start.builder("sleep", "0.4").name("paused").build());
    assertThat(attempt(supervisor.describe(pid)).next()).isZero();
  }

  @Test
  void aSignalThatMeansTheEndIsNotAnsweredByAnotherStart() throws Exception {
    long pid = supervisor.begin(Start.builder("sleep", "60").restart(RestartPolicy.ALWAYS)).pid();
    supervisor.ask(new Request.Signal(pid, "TERM"));
    assertThat(attempt(supervisor.await(pid).process()).nextAt()).isZero();

    long other = supervisor.begin(Start.builder("sleep", "60").restart(RestartPolicy.ALWAYS)).pid();
    supervisor.ask(new Request.Signal(other, "USR1"));
    assertThat(attempt(supervisor.await(other).process()).nextAt()).isPositive();
    supervisor.ask(new Request.End(other, 1_000));
  }

  @Test
  void whatCannotBeStartedAgainEndsTheChain() throws Exception {
    Path tool = supervisor.work().resolve("gone");
    Files.writeString(tool, "#!/bin/sh\nrm $0\nexit 1\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    long pid =
        supervisor
            .begin(Start.builder(tool.toString()).name("gone").restart(RestartPolicy.ON_FAILURE))
            .pid();

    until("its end", () -> attempt(supervisor.describe(pid)).exhausted());

    assertThat(supervisor.log()).contains("not started again").contains("no such file");
    supervisor.run(Start.builder("true").name("gone").build());
  }

  /** Asserts that this is a first attempt, and that no other follows. */
  private static void assertAlone(Attempt attempt) {
    assertThat(attempt)
        .returns(RestartPolicy.ON_FAILURE, Attempt::policy)
        .returns(1, Attempt::number)
        .returns(0L, Attempt::previous)
        .returns(0L, Attempt::next)
        .returns(0L, Attempt::nextAt)
        .returns(false, Attempt::exhausted);
  }

  private static Attempt attempt(ProcessInfo process) {
    return Objects.requireNonNull(process.attempt());
  }
}
