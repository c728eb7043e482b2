package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.text;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.Start;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Input that is given while a process runs. */
@Timeout(60)
class InputTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void followsWhatItWasStartedWithUntilItIsClosed() throws Exception {
    ProcessInfo process =
        supervisor.begin(
            Start.builder("cat").stdin("one ".getBytes(StandardCharsets.UTF_8)).openInput(true));
    long pid = process.pid();
    assertThat(process.input()).isNotNull();

    assertThat(supervisor.write(pid, -1, "two ", false)).isEqualTo(new Answer.Written(8));
    until("both", () -> supervisor.output(pid).equals("one two "));
    assertThat(supervisor.write(pid, 0, "one two three", false)).isEqualTo(new Answer.Written(13));
    assertRefused(supervisor.write(pid, 14, "x", false), "INPUT_GAP", "13");
    assertThat(supervisor.describe(pid).input()).isEqualTo(new ProcessInfo.Input(13, true));
    assertThat(supervisor.write(pid, 13, "", true)).isEqualTo(new Answer.Written(13));

    Answer.Finished finished = supervisor.await(pid);
    assertThat(exit(finished).code()).isZero();
    assertThat(text(finished.stdout())).isEqualTo("one two three");
    assertThat(finished.process().input()).isEqualTo(new ProcessInfo.Input(13, false));
    assertRefused(supervisor.write(pid, -1, "x", false), "ESRCH", "ended");
    assertThat(supervisor.write(pid, 8, "three", true)).isEqualTo(new Answer.Written(13));
  }

  @Test
  void isRefusedWhereNobodyReadsIt() throws Exception {
    long closed = supervisor.begin("sleep", "60").pid();
    assertRefused(supervisor.write(closed, -1, "x", false), "INPUT_CLOSED", "without");
    supervisor.ask(new Request.End(closed, 1_000));

    long deaf =
        supervisor.begin(Start.builder("sh", "-c", "exec <&-; sleep 60").openInput(true)).pid();
    until("the closed pipe", () -> !Files.exists(Path.of("/proc/" + deaf + "/fd/0")));
    assertRefused(supervisor.write(deaf, -1, "x", false), "INPUT_CLOSED", "closed");
    assertThat(supervisor.describe(deaf).input()).isEqualTo(new ProcessInfo.Input(0, false));
    supervisor.ask(new Request.End(deaf, 1_000));
  }

  @Test
  void waitsWhileThePipeIsFullAndEndsWithItsProcess() throws Exception {
    long pid = supervisor.begin(Start.builder("sleep", "60").openInput(true)).pid();
    try (Connection writing = supervisor.connect()) {
      writing.send(new Request.Write(pid, -1, new byte[1 << 20], false));
      until("the full pipe", () -> given(pid) >= 64 << 10);

      supervisor.ask(new Request.Signal(pid, "KILL"));

      assertRefused(writing.receive(), "ESRCH", "ended");
    }
  }

  @Test
  void aWriterThatGoesAwayLeavesItsPlaceToTheNext() throws Exception {
    long pid = supervisor.begin(Start.shellBuilder("sleep 0.5; cat | wc -c").openInput(true)).pid();
    try (Connection writing = supervisor.connect()) {
      writing.send(new Request.Write(pid, 0, new byte[1 << 20], false));
      until("the full pipe", () -> given(pid) >= 64 << 10);
    }
    assertThat(supervisor.ask(new Request.Write(pid, 0, new byte[1 << 20], true)))
        .isEqualTo(new Answer.Written(1 << 20));
    assertThat(text(supervisor.await(pid).stdout()).strip()).isEqualTo("1048576");
  }

  /** Writers that are cut off anywhere and repeat what they are not sure of. */
  @Test
  void losesAndDoublesNoByte() throws Exception {
    byte[] all = new byte[3_000_000];
    Random random = new Random(11);
    random.nextBytes(all);
    long pid = supervisor.begin(Start.builder("cat").openInput(true)).pid();
    int sure = 0;
    int cut = 0;
    while (sure < all.length) {
      int from = Math.max(0, sure - random.nextInt(50_000));
      int to = Math.min(all.length, sure + 1 + random.nextInt(200_000));
      Request.Write write = new Request.Write(pid, from, Arrays.copyOfRange(all, from, to), false);
      try (Connection writing = supervisor.connect()) {
        writing.send(write);
        if (random.nextInt(3) == 0) {
          cut++;
          continue;
        }
        sure = (int) ((Answer.Written) writing.receive()).total();
        assertThat(sure).isGreaterThanOrEqualTo(to);
      }
    }
    supervisor.write(pid, -1, "", true);

    assertThat(exit(supervisor.await(pid)).code()).isZero();
    assertThat(cut).isPositive();
    assertThat(output(pid)).isEqualTo(all);
  }

  @Test
  void keepsManyWritersApart() throws Exception {
    long pid = supervisor.begin(Start.builder("cat").openInput(true)).pid();
    List<Callable<Message>> writers = new ArrayList<>();
    for (char letter = 'a'; letter <= 'h'; letter++) {
      byte[] line = new byte[200_000];
      Arrays.fill(line, (byte) letter);
      line[line.length - 1] = '\n';
      writers.add(() -> supervisor.ask(new Request.Write(pid, -1, line, false)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Message> future : threads.invokeAll(writers)) {
        assertThat(future.get()).isInstanceOf(Answer.Written.class);
      }
    }
    supervisor.write(pid, -1, "", true);
    supervisor.await(pid);

    String[] lines = text(output(pid)).split("\n", -1);
    assertThat(lines).hasSize(9);
    for (String line : Arrays.asList(lines).subList(0, 8)) {
      assertThat(line).hasSize(199_999).matches("(.)\\1*");
    }
  }

  @Tag("root")
  @Test
  void leavesNoDescriptorBehind() throws Exception {
    // The first process of a supervisor opens what stays open for all: the kernel's OOM counter.
    writeAndEnd(false);
    long before = supervisor.descriptors();
    for (int i = 0; i < 100; i++) {
      writeAndEnd(i % 2 == 0);
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
  }

  private static void writeAndEnd(boolean close) throws IOException {
    long pid = supervisor.begin(Start.builder("cat").openInput(true)).pid();
    supervisor.write(pid, -1, "x", close);
    supervisor.ask(new Request.End(pid, 1_000));
  }

  private static long given(long pid) {
    ProcessInfo.Input input = supervisor.describe(pid).input();
    return input == null ? 0 : input.bytes();
  }

  private static byte[] output(long pid) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Message message :
        supervisor.stream(new Request.Read(Long.toString(pid), StreamName.STDOUT, 0, -1, false))) {
      all.writeBytes(((Answer.Bytes) message).bytes());
    }
    return all.toByteArray();
  }
}
