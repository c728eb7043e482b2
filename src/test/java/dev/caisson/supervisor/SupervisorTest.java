package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static dev.caisson.supervisor.SupervisorProcess.command;
import static dev.caisson.supervisor.SupervisorProcess.exit;
import static dev.caisson.supervisor.SupervisorProcess.shell;
import static dev.caisson.supervisor.SupervisorProcess.text;
import static dev.caisson.supervisor.SupervisorProcess.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configured supervisor does with processes, asked as the service asks. */
@Timeout(60)
class SupervisorTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "3", "127", "137", "255"})
  void tellsTheExitCode(int code) throws Exception {
    ProcessInfo.Exit exit = exit(supervisor.run(shell("exit " + code)));

    assertThat(exit.code()).isEqualTo(code);
    assertThat(exit.signal()).isNull();
    assertThat(exit.cause()).isEqualTo(ProcessInfo.Cause.EXITED);
  }

  @Test
  void tellsTheSignalThatEndedIt() throws Exception {
    ProcessInfo.Exit exit = exit(supervisor.run(shell("kill -USR1 $$")));

    assertThat(exit.code()).isEqualTo(138);
    assertThat(exit.signal()).isEqualTo("USR1");
    assertThat(exit.cause()).isEqualTo(ProcessInfo.Cause.SIGNALED);
  }

  @Test
  void keepsTheStreamsApart() throws Exception {
    Answer.Finished finished = supervisor.run(shell("echo out; echo err >&2"));

    assertThat(text(finished.stdout())).isEqualTo("out\n");
    assertThat(text(finished.stderr())).isEqualTo("err\n");
    assertThat(finished.process().stdout()).isEqualTo(new ProcessInfo.Volume(4, 0));
  }

  @Test
  void readsAgainAndAgainAfterTheEnd() throws Exception {
    long pid = supervisor.run(shell("echo once; echo more >&2")).process().pid();

    for (int i = 0; i < 3; i++) {
      assertThat(bytes(pid, StreamName.STDOUT, 0, -1))
          .isEqualTo("once\n".getBytes(StandardCharsets.UTF_8));
      assertThat(bytes(pid, StreamName.STDERR, 0, -1))
          .isEqualTo("more\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(bytes(pid, StreamName.STDOUT, 1, 2))
        .isEqualTo("nc".getBytes(StandardCharsets.UTF_8));
    assertThat(bytes(pid, StreamName.STDOUT, 99, -1)).isEmpty();
  }

  @Test
  void keepsTheOrderOfBothStreams() throws Exception {
    ProcessInfo process =
        supervisor
            .run(shell("for i in 1 2 3; do echo o$i; sleep 0.03; echo e$i >&2; sleep 0.03; done"))
            .process();

    StringBuilder merged = new StringBuilder();
    long seq = 0;
    for (Message message : supervisor.stream(follow(process.pid(), 0))) {
      if (message instanceof Answer.Output piece) {
        assertThat(piece.seq()).isEqualTo(++seq);
        merged.append(text(piece.bytes()));
      }
    }
    assertThat(merged).hasToString("o1\ne1\no2\ne2\no3\ne3\n");
  }

  @Test
  void carriesAnyBytes() throws Exception {
    byte[] random = new byte[300_000];
    new Random(7).nextBytes(random);
    Path file = Files.write(supervisor.work().resolve("random"), random);

    long pid = supervisor.run("cat", file.toString()).process().pid();

    assertThat(bytes(pid, StreamName.STDOUT, 0, -1)).isEqualTo(random);
    assertThat(bytes(pid, StreamName.STDOUT, 100_001, 99_999))
        .isEqualTo(Arrays.copyOfRange(random, 100_001, 200_000));
  }

  @Test
  void keepsACharacterThatWasWrittenInTwoHalves() throws Exception {
    Answer.Finished finished = supervisor.run(shell("printf '\\303'; sleep 0.1; printf '\\251'"));

    assertThat(text(finished.stdout())).isEqualTo("é");
  }

  @Test
  void hearsAnEnvironmentADirectoryAndArguments() throws Exception {
    Request.Start start =
        Request.Start.builder(
                "sh", "-c", "echo $GREETING $NAME $HOME; pwd; echo \"$1\"", "sh", "ä b")
            .cwd("/tmp")
            .env(Map.of("NAME", "wörld"))
            .build();

    assertThat(text(supervisor.run(start).stdout())).isEqualTo("hello wörld /root\n/tmp\nä b\n");
  }

  @Test
  void startsInTheSandboxesDirectoryWithASessionOfItsOwn() throws Exception {
    Answer.Finished finished =
        supervisor.run(shell("pwd; read -r stat </proc/self/stat; set -- $stat; echo $$ $5 $6"));

    String[] lines = text(finished.stdout()).split("\n", -1);
    long pid = finished.process().pid();
    assertThat(lines[0]).isEqualTo(supervisor.work().toString());
    assertThat(lines[1]).isEqualTo(pid + " " + pid + " " + pid);
  }

  @Test
  void givesNoDescriptorAndNoBlockedSignalAway() throws Exception {
    assertThat(text(supervisor.run("ls", "/proc/self/fd").stdout()).strip().split("\n", -1))
        .containsExactly("0", "1", "2", "3"); // 3 is the directory that ls reads
    String status = text(supervisor.run("cat", "/proc/self/status").stdout());
    assertThat(status).contains("SigBlk:\t0000000000000000");
    // The JVM ignores SIGPIPE; its processes must not. The C library keeps two for itself.
    assertThat(status).containsPattern("SigIgn:\t0000000[0-9]80000000|SigIgn:\t0000000000000000");
  }

  @Test
  void hasNothingToReadWithoutInput() throws Exception {
    assertThat(exit(supervisor.run("cat")).code()).isZero();
  }

  @Test
  void readsInputOfAnyLength() throws Exception {
    byte[] input = new byte[5_000_000];
    new Random(3).nextBytes(input);

    long pid = supervisor.run(input(input, "cat")).process().pid();

    assertThat(bytes(pid, StreamName.STDOUT, 0, -1)).isEqualTo(input);
  }

  @Test
  void doesNotMindInputThatNobodyReads() throws Exception {
    assertThat(exit(supervisor.run(input(new byte[1_000_000], "true"))).code()).isZero();
    assertThat(exit(supervisor.run(input(new byte[0], "cat"))).code()).isZero();
    assertThat(text(supervisor.run("echo", "alive").stdout())).isEqualTo("alive\n");
  }

  @ParameterizedTest
  @CsvSource({
    "no-such-command, ENOENT, no-such-command",
    "/no/such/file, ENOENT, /no/such/file",
    "./none, ENOENT, ./none",
    "/etc/passwd, EACCES, /etc/passwd",
    "/tmp, EACCES, directory",
    "/etc/passwd/x, ENOTDIR, /etc/passwd/x"
  })
  void namesTheReasonWhyACommandCannotStart(String program, String code, String part)
      throws Exception {
    assertRefused(supervisor.ask(command(program)), code, part);
  }

  @Test
  void namesTheReasonOfTheSystemItself() throws Exception {
    Path empty = script("empty", "no interpreter named");
    Path lost = script("lost", "#!/no/such/shell\n");

    assertRefused(supervisor.ask(command(empty.toString())), "ENOEXEC", "empty");
    assertRefused(supervisor.ask(command(lost.toString())), "ENOENT", "interpreter");
    assertRefused(supervisor.ask(command("true", "x".repeat(3_000_000))), "E2BIG", "true");
    assertThat(
            text(
                supervisor
                    .run("./" + script("here", "#!/bin/sh\necho ok\n").getFileName())
                    .stdout()))
        .isEqualTo("ok\n");
  }

  @ParameterizedTest
  @CsvSource({"/no/such/place, ENOENT", "/etc/passwd, ENOTDIR"})
  void namesTheDirectoryThatIsWrong(String cwd, String code) throws Exception {
    Request.Start start = Request.Start.builder("true").cwd(cwd).build();

    assertRefused(supervisor.ask(start), code, cwd);
  }

  @Test
  void findsAProgramOnTheProcessesOwnPath() throws Exception {
    Path tool = script("own-tool", "#!/bin/sh\necho mine\n");
    Request.Start start =
        Request.Start.builder("own-tool")
            .env(Map.of("PATH", "/nowhere:" + tool.getParent()))
            .build();

    assertThat(text(supervisor.run(start).stdout())).isEqualTo("mine\n");
    assertRefused(supervisor.ask(command("own-tool")), "ENOENT", "PATH");
  }

  @Test
  void listsAndDescribesWhatRunsAndWhatIsOver() throws Exception {
    ProcessInfo over = supervisor.run("true").process();
    ProcessInfo runs = supervisor.begin("sleep", "60");

    List<Long> listed =
        supervisor.stream(new Request.ListProcesses()).stream()
            .map(message -> ((ProcessInfo) message).pid())
            .toList();

    assertThat(listed).containsSubsequence(over.pid(), runs.pid());
    assertThat(supervisor.ask(new Request.Describe(over.pid()))).isEqualTo(over);
    assertThat(supervisor.ask(new Request.Describe(runs.pid()))).isEqualTo(runs);
    assertRefused(
        supervisor.ask(new Request.Describe(999_999_999)), "NO_SUCH_PROCESS", "999999999");
    supervisor.ask(new Request.End(runs.pid(), 1_000));
  }

  @Test
  void awaitsTheEndOrTheTime() throws Exception {
    ProcessInfo process = supervisor.begin("sh", "-c", "echo soon; exec sleep 60");

    Answer.Finished early =
        (Answer.Finished) supervisor.ask(new Request.Await(process.pid(), 100, 10));
    assertThat(early.process().exit()).isNull();
    assertThat(text(early.stdout())).isEqualTo("soon\n");
    try (Connection waiting = supervisor.connect()) {
      waiting.send(new Request.Await(process.pid(), 60_000, 0));
      supervisor.ask(new Request.Signal(process.pid(), "TERM"));
      assertThat(((Answer.Finished) waiting.receive()).process().exit())
          .extracting(ProcessInfo.Exit::code, ProcessInfo.Exit::signal, ProcessInfo.Exit::cause)
          .containsExactly(143, "TERM", ProcessInfo.Cause.KILLED_BY_USER);
    }
    assertRefused(supervisor.ask(new Request.Signal(process.pid(), "TERM")), "ESRCH", "ended");
    assertRefused(
        supervisor.ask(new Request.Signal(process.pid(), "NONSENSE")), "EINVAL", "NONSENSE");
  }

  @Test
  void endsAWholeGroupAndKillsWhatDoesNotListen() throws Exception {
    ProcessInfo process =
        supervisor.begin(
            "sh",
            "-c",
            "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 1; done' & echo $!; wait; wait");
    until("its child", () -> bytesNow(process.pid()).length > 0);
    long child = Long.parseLong(text(bytesNow(process.pid())).trim());

    long before = System.nanoTime();
    ProcessInfo ended = (ProcessInfo) supervisor.ask(new Request.End(process.pid(), 300));

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
    assertThat(exit(ended).cause()).isEqualTo(ProcessInfo.Cause.KILLED_BY_USER);
    assertThat(exit(ended).signal()).isEqualTo("KILL");
    until("the end of the child", () -> !Files.exists(Path.of("/proc/" + child)));
  }

  @Test
  void endsAProcessThatRunsOutOfTimeWithAllOfItsTree() throws Exception {
    Request.Start start =
        Request.Start.builder("sh", "-c", "sleep 300 & echo $!; sleep 300")
            .timeoutMillis(300)
            .build();

    Answer.Finished finished = supervisor.run(start);

    assertThat(exit(finished).cause()).isEqualTo(ProcessInfo.Cause.TIMEOUT);
    long child = Long.parseLong(text(finished.stdout()).trim());
    until("the end of the child", () -> !Files.exists(Path.of("/proc/" + child)));
  }

  @Test
  void doesNotWaitForADescendantThatHoldsThePipeAndKeepsWhatItWrites() throws Exception {
    long before = System.nanoTime();
    Answer.Finished finished = supervisor.run(shell("(sleep 1; echo late) & echo early"));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(900));
    assertThat(text(finished.stdout())).isEqualTo("early\n");
    long pid = finished.process().pid();
    until("the late line", () -> text(bytesNow(pid)).equals("early\nlate\n"));
    until("the record of it", () -> described(pid).stdout().bytes() == 11);
  }

  @Test
  void reapsADaemonThatWasLeftToIt() throws Exception {
    Path file = supervisor.work().resolve("daemon");
    supervisor.run(shell("setsid sh -c 'echo $$ >daemon.new; mv daemon.new daemon; sleep 0.2' &"));

    until("the daemon", () -> Files.exists(file));
    Path daemon = Path.of("/proc", Files.readString(file).trim());
    until("its end", () -> !Files.exists(daemon));
  }

  @Test
  void followsFromWhereAReaderLeftOffWithoutLossOrRepetition() throws Exception {
    ProcessInfo process =
        supervisor.begin(
            "sh",
            "-c",
            "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; sleep 0.1; echo end");
    StringBuilder all = new StringBuilder();
    long after = 0;
    boolean ended = false;
    while (!ended) {
      try (Connection connection = supervisor.connect()) {
        connection.send(follow(process.pid(), after));
        for (int i = 0; i < 7 && !ended; i++) {
          Message message = connection.receive();
          if (message instanceof Answer.Output piece) {
            assertThat(piece.seq()).isEqualTo(after + 1);
            after = piece.seq();
            all.append(text(piece.bytes()));
          } else {
            assertThat(message).isInstanceOf(Answer.Finished.class);
            ended = true;
          }
        }
      }
    }
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      expected.append("line ").append(i).append('\n');
    }
    assertThat(all).hasToString(expected + "end\n");
  }

  @Test
  void servesManyFollowersTheSame() throws Exception {
    ProcessInfo process =
        supervisor.begin("sh", "-c", "sleep 0.2; head -c 2000000 /dev/zero; echo end >&2");
    List<Callable<Long>> followers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      followers.add(() ->
          supervisor.stream(follow(process.pid(), 0)).stream()
              .filter(Answer.Output.class::isInstance)
              .mapToLong(message -> ((Answer.Output) message).bytes().length)
              .sum());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> future : threads.invokeAll(followers)) {
        assertThat(future.get()).isEqualTo(2_000_004);
      }
    }
  }

  @Test
  void goesOnWhenTheCallerHangsUp() throws Exception {
    long pid;
    try (Connection connection = supervisor.connect()) {
      connection.send(new Request.Run(shell("sleep 0.3; echo survived"), 100));
      pid = ((ProcessInfo) connection.receive()).pid();
    }
    Answer.Finished finished = supervisor.await(pid);
    assertThat(exit(finished).code()).isZero();
    assertThat(text(finished.stdout())).isEqualTo("survived\n");
  }

  @Tag("root")
  @Test
  void forgetsAFollowerThatHangsUp() throws Exception {
    ProcessInfo process = supervisor.begin("sleep", "60");
    long before = supervisor.descriptors();
    for (int i = 0; i < 20; i++) {
      try (Connection connection = supervisor.connect()) {
        connection.send(follow(process.pid(), 0));
      }
    }
    until("their descriptors", () -> descriptorsNow() <= before + 1);
    supervisor.ask(new Request.End(process.pid(), 1_000));
  }

  @Test
  void aSlowFollowerCostsNobodyAnything() throws Exception {
    ProcessInfo process = supervisor.begin("sh", "-c", "head -c 30000000 /dev/zero; echo done >&2");
    try (Connection slow = supervisor.connect()) {
      slow.send(follow(process.pid(), 0));
      assertThat(exit(supervisor.await(process.pid())).code()).isZero();
      assertThat(text(supervisor.run("echo", "quick").stdout())).isEqualTo("quick\n");
    }
  }

  @Test
  void tellsAWatcherOfStartsAndEnds() throws Exception {
    try (Connection watching = supervisor.connect()) {
      watching.send(new Request.Watch());
      assertThat(((DaemonStatus) watching.receive()).state())
          .isEqualTo(DaemonStatus.State.DISABLED);

      long pid = supervisor.run("true").process().pid();

      List<ProcessInfo> told = new ArrayList<>();
      while (told.size() < 2) {
        ProcessInfo info = (ProcessInfo) watching.receive();
        if (info.pid() == pid) {
          told.add(info);
        }
      }
      assertThat(told.get(0).exit()).isNull();
      assertThat(told.get(1).exit()).isNotNull();
    }
  }

  @Test
  void answersOneRequestAfterTheOtherOnOneConnection() throws Exception {
    try (Connection connection = supervisor.connect()) {
      for (int i = 0; i < 50; i++) {
        List<Message> answers =
            SupervisorProcess.stream(connection, new Request.Run(shell("echo " + i), 100));
        assertThat(text(((Answer.Finished) answers.get(1)).stdout())).isEqualTo(i + "\n");
        assertRefused(
            SupervisorProcess.ask(connection, new Request.Describe(0)), "NO_SUCH_PROCESS", "0");
      }
    }
  }

  @Test
  void writesTheRecordBeforeAnybodyIsTold() throws Exception {
    for (int i = 0; i < 20; i++) {
      ProcessInfo process = supervisor.run("true").process();
      assertThat(supervisor.recorded(process.pid())).isEqualTo(process);
    }
  }

  @Test
  void refusesTheDaemonAndItsJournalWithoutDocker() throws Exception {
    assertRefused(
        supervisor.ask(new Request.Daemon(Request.DaemonCommand.START)),
        "DOCKER_DISABLED",
        "Docker");
    assertRefused(
        supervisor.ask(new Request.Follow("dockerd", 0, true)), "DOCKER_DISABLED", "Docker");
    assertRefused(
        supervisor.ask(new Request.Follow("../../etc", 0, true)), "NO_SUCH_PROCESS", "etc");
  }

  @Test
  void acceptsTheSameConfigurationAgainAndNoOther() throws Exception {
    assertThat(supervisor.ask(supervisor.configuration())).isInstanceOf(Answer.Done.class);
    assertRefused(
        supervisor.ask(new Request.Configure(Map.of(), "/elsewhere", null, null)),
        "EEXIST",
        "configured");
  }

  private static Request.Start input(byte[] input, String... command) {
    return Request.Start.builder(command).stdin(input).build();
  }

  private static Request.Follow follow(long pid, long after) {
    return new Request.Follow(Long.toString(pid), after, true);
  }

  private static byte[] bytes(long pid, StreamName stream, long offset, long length)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long position = offset;
    for (Message message :
        supervisor.stream(new Request.Read(Long.toString(pid), stream, offset, length, false))) {
      Answer.Bytes bytes = (Answer.Bytes) message;
      assertThat(bytes.offset()).isEqualTo(position);
      position += bytes.bytes().length;
      all.writeBytes(bytes.bytes());
    }
    return all.toByteArray();
  }

  private static byte[] bytesNow(long pid) {
    try {
      return bytes(pid, StreamName.STDOUT, 0, -1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ProcessInfo described(long pid) {
    try {
      return (ProcessInfo) supervisor.ask(new Request.Describe(pid));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long descriptorsNow() {
    try {
      return supervisor.descriptors();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path script(String name, String text) throws IOException {
    Path file = Files.writeString(supervisor.work().resolve(name), text, StandardCharsets.UTF_8);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
