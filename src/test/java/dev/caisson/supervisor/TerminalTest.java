package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.text;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.Start;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes with a terminal of their own. */
@Timeout(60)
@Tag("root")
class TerminalTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void isStdinStdoutStderrAndTheControllingTerminalOfItsSession() throws Exception {
    Answer.Finished finished =
        supervisor.run(
            Start.shellBuilder(
                    "test -t 0 && test -t 1 && test -t 2 && echo all; tty; echo $TERM; stty size;"
                        + " echo err >&2; : >/dev/tty && echo controls; ls -l $(tty) | cut -c1-10")
                .terminal(new Request.Terminal(33, 101))
                .build());

    assertThat(exit(finished).code()).isZero();
    assertThat(text(finished.stdout()).replace("\r", ""))
        .matches("all\n/dev/pts/[0-9]+\nxterm-256color\n33 101\nerr\ncontrols\ncrw--w----\n");
    assertThat(finished.stderr()).isEmpty();
    assertThat(finished.process().terminal()).isEqualTo(new Request.Terminal(33, 101));
    assertThat(finished.process().input()).isEqualTo(new ProcessInfo.Input(0, false));
  }

  @Test
  void isToldOfItsNewSize() throws Exception {
    long pid =
        supervisor
            .begin(
                Start.builder(
                        "bash",
                        "-c",
                        "trap 'stty size' WINCH; echo up; while :; do sleep 0.05; done")
                    .terminal(new Request.Terminal(24, 80)))
            .pid();
    until("the trap", () -> supervisor.output(pid).contains("up"));

    ProcessInfo resized =
        (ProcessInfo) supervisor.ask(new Request.Resize(pid, new Request.Terminal(50, 132)));

    assertThat(resized.terminal()).isEqualTo(new Request.Terminal(50, 132));
    until("the new size", () -> supervisor.output(pid).contains("50 132"));
    assertRefused(
        supervisor.ask(new Request.Resize(pid, new Request.Terminal(0, 80))), "EINVAL", "rows");
    supervisor.ask(new Request.End(pid, 1_000));
    assertRefused(
        supervisor.ask(new Request.Resize(pid, new Request.Terminal(1, 1))), "ESRCH", "ended");
    assertRefused(
        supervisor.ask(
            new Request.Resize(supervisor.run("true").process().pid(), new Request.Terminal(1, 1))),
        "ENOTTY",
        "terminal");
  }

  @Test
  void controlsJobs() throws Exception {
    long pid =
        supervisor
            .begin(Start.builder("bash", "--norc", "-i").terminal(new Request.Terminal(24, 80)))
            .pid();

    type(pid, "set -o | grep monitor\n");
    until("job control", () -> supervisor.output(pid).contains("monitor        \ton"));
    type(pid, "sleep 300\n");
    until("the sleep", () -> runs(pid, "sleep"));
    type(pid, "\003");
    until("its interruption", () -> children(pid) == 0);
    type(pid, "echo st\"\"ill here\n");
    until("the shell", () -> supervisor.output(pid).contains("still here"));
    type(pid, "cat\n");
    until("the cat", () -> runs(pid, "cat"));
    type(pid, "\032");
    until("its stop", () -> supervisor.output(pid).contains("Stopped"));
    type(pid, "fg\n");
    Pattern told = Pattern.compile("fg\r\n.{0,20}cat\r\n", Pattern.DOTALL);
    until("its being told", () -> told.matcher(supervisor.output(pid)).find());
    type(pid, "mi\"a\"ow\n");
    until("the cat again", () -> count(supervisor.output(pid), "mi\"a\"ow") > 1);
    assertThat(supervisor.write(pid, -1, "", true)).isInstanceOf(Answer.Written.class);
    until("the end of the cat", () -> children(pid) == 0);
    assertThat(supervisor.write(pid, -1, "exit 7\n", false)).isInstanceOf(Answer.Written.class);

    assertThat(exit(supervisor.await(pid)).code()).isEqualTo(7);
  }

  @Test
  void takesStdinFirstAndEndsWithTheCharacterThatSaysSo() throws Exception {
    long pid =
        supervisor
            .begin(
                Start.builder("cat")
                    .terminal(new Request.Terminal(24, 80))
                    .stdin("first\n".getBytes(StandardCharsets.UTF_8)))
            .pid();

    assertThat(supervisor.write(pid, 6, "second\n", true)).isEqualTo(new Answer.Written(13));

    Answer.Finished finished = supervisor.await(pid);
    assertThat(exit(finished).code()).isZero();
    assertThat(text(finished.stdout()).replace("\r", "").replace("^D\b\b", "").split("\n", -1))
        .containsExactlyInAnyOrder("first", "first", "second", "second", "");
  }

  @Test
  void keepsAllOutputOfAProcessThatEndsAtOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      Answer.Finished finished =
          supervisor.run(
              Start.builder("head", "-c", "100000", "/dev/zero")
                  .terminal(new Request.Terminal(24, 80))
                  .build());

      assertThat(finished.process().stdout().bytes()).isEqualTo(100_000);
    }
  }

  @Test
  void staysWithWhatOutlivesItsProcess() throws Exception {
    Answer.Finished finished =
        supervisor.run(
            Start.builder("sh", "-c", "trap '' HUP; (sleep 0.5; echo late) & echo early")
                .terminal(new Request.Terminal(24, 80))
                .build());

    assertThat(text(finished.stdout())).isEqualTo("early\r\n");
    long pid = finished.process().pid();
    until("the late line", () -> supervisor.output(pid).equals("early\r\nlate\r\n"));
  }

  @Test
  void isHungUpOnByAnEndWhichInteractiveShellsWouldNotHear() throws Exception {
    long pid =
        supervisor
            .begin(Start.builder("bash", "--norc", "-i").terminal(new Request.Terminal(24, 80)))
            .pid();
    type(pid, "sleep 300\n");
    until("the sleep", () -> runs(pid, "sleep"));

    ProcessInfo ended = (ProcessInfo) supervisor.ask(new Request.End(pid, 20_000));

    assertThat(exit(ended).signal()).isEqualTo("HUP");
    assertThat(exit(ended).cause()).isEqualTo(ProcessInfo.Cause.KILLED_BY_USER);
  }

  @Test
  void mayBeClosedForAWhile() throws Exception {
    Answer.Finished finished =
        supervisor.run(
            Start.builder("sh", "-c", "t=$(tty); exec <&- >&- 2>&-; sleep 0.3; echo back >$t")
                .terminal(new Request.Terminal(24, 80))
                .build());

    assertThat(exit(finished).code()).isZero();
    assertThat(text(finished.stdout())).isEqualTo("back\r\n");
  }

  @Test
  void leavesNothingBehind() throws Exception {
    supervisor.run(Start.builder("true").terminal(new Request.Terminal(1, 1)).build());
    long before = supervisor.descriptors();
    Callable<Void> some =
        () -> {
          for (int i = 0; i < 100; i++) {
            assertThat(
                    text(
                        supervisor
                            .run(
                                Start.builder("echo", "x")
                                    .terminal(new Request.Terminal(9, 9))
                                    .build())
                            .stdout()))
                .isEqualTo("x\r\n");
          }
          return null;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> future : threads.invokeAll(List.of(some, some, some))) {
        future.get();
      }
    }
    until(
        "the descriptors",
        () -> {
          try {
            return supervisor.descriptors() <= before;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(supervisor.children()).isZero();
  }

  private static void type(long pid, String keys) throws IOException {
    assertThat(supervisor.write(pid, -1, keys, false)).isInstanceOf(Answer.Written.class);
  }

  private static long children(long pid) {
    return ProcessHandle.of(pid).map(handle -> handle.children().count()).orElse(0L);
  }

  /**
   * A shell gives the terminal to its child before that becomes the program: keys reach it then.
   */
  private static boolean runs(long pid, String program) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .flatMap(child -> child.info().command().stream())
        .anyMatch(command -> Path.of(command).endsWith(program));
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }
}
