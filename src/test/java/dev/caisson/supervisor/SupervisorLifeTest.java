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
import dev.caisson.supervisor.wire.Forge;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.StreamName;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A supervisor from its start to its end, under load, and after its own death. */
@Timeout(90)
class SupervisorLifeTest {

  @Test
  void greetsAndRefusesEverythingUntilItIsConfigured() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.start()) {
      assertRefused(supervisor.ask(command("true")), "NOT_CONFIGURED", "configured");
      assertRefused(supervisor.ask(new Request.ListProcesses()), "NOT_CONFIGURED", "configured");
      assertThat(supervisor.ask(new Request.DescribeDaemon())).isInstanceOf(DaemonStatus.class);

      assertThat(greeting(supervisor).configured()).isFalse();
      supervisor.configure();
      assertThat(greeting(supervisor))
          .isEqualTo(
              new Answer.Greeting(
                  Connection.PROTOCOL, "sb-test", "unknown", true, true, Connection.REVISION));
      assertThat(supervisor.work()).isDirectory();
    }
  }

  @Test
  void isClaimedOnceAndForgetsWhatWasBefore() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      long before = supervisor.run("echo", "before").process().pid();
      Path workdir = supervisor.work().resolve("claimed");
      Request.Claim claim =
          new Request.Claim(
              Map.of("PATH", "/usr/bin:/bin", "TOKEN", "of the caller"), workdir.toString());
      ProcessInfo running = supervisor.begin("sleep", "300");
      assertRefused(supervisor.ask(claim), "EEXIST", "used");
      assertRefused(supervisor.ask(new Request.Forget()), "EEXIST", "run");
      supervisor.ask(new Request.End(running.pid(), 1_000));
      supervisor.ask(new Request.Await(running.pid(), 10_000, 0));

      assertThat(supervisor.ask(new Request.Forget())).isEqualTo(new Answer.Done());
      assertThat(supervisor.ask(claim)).isInstanceOf(DaemonStatus.class);
      assertThat(supervisor.stream(new Request.ListProcesses())).isEmpty();
      assertThat(supervisor.state(before)).doesNotExist();
      assertThat(text(supervisor.run(shell("echo $TOKEN; pwd")).stdout()))
          .isEqualTo("of the caller\n" + workdir + "\n");
      assertRefused(supervisor.ask(claim), "EEXIST", "sandbox");
    }
  }

  @Test
  void refusesWhatItDoesNotKnowAndGoesOn() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured();
        SocketChannel channel = channel(supervisor);
        Connection connection = new Connection(channel)) {
      connection.receive();
      channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, (byte) 200, 0}));
      assertRefused(connection.receive(), "UNSUPPORTED", "know");
      connection.send(new Answer.Done());
      assertRefused(connection.receive(), "UNSUPPORTED", "know");
      // Of a request that it knows, a constant that it does not.
      channel.write(
          ByteBuffer.wrap(
              Forge.frame(
                  Forge.kind(Request.Daemon.class),
                  new byte[] {1, 0, 0, 0, 5, 'P', 'A', 'U', 'S', 'E'})));
      assertThat(connection.receive()).isEqualTo(Answer.Refused.UNKNOWN);
      assertThat(SupervisorProcess.stream(connection, new Request.Run(command("true"), 0)))
          .hasSize(2);

      try (SocketChannel broken = channel(supervisor)) {
        broken.write(ByteBuffer.wrap(new byte[] {127, 0, 0, 2, 1, 0}));
      }
      assertThat(text(supervisor.run("echo", "alive").stdout())).isEqualTo("alive\n");
    }
  }

  @Test
  void boundsAnOutputOf200MegabytesOnDiskAndInMemory() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      supervisor.run(shell("head -c 20000000 /dev/zero"));
      long before = supervisor.status("VmRSS");

      ProcessInfo process =
          supervisor.run(shell("head -c 200000000 /dev/zero; echo the end")).process();

      ProcessInfo.Volume volume = process.stdout();
      assertThat(volume.bytes()).isEqualTo(200_000_008);
      assertThat(volume.bytes() - volume.dropped()).isBetween(50_000_000L, 64L << 20);
      assertThat(size(supervisor.state(process.pid()))).isLessThanOrEqualTo(65L << 20);
      assertThat(supervisor.status("VmRSS") - before).isLessThan(12_000);

      List<Message> tail =
          supervisor.stream(
              new Request.Read(
                  Long.toString(process.pid()), StreamName.STDOUT, 200_000_000, -1, false));
      assertThat(text(((Answer.Bytes) tail.getFirst()).bytes())).isEqualTo("the end\n");
      try (Connection connection = supervisor.connect()) {
        connection.send(new Request.Follow(Long.toString(process.pid()), 0, false));
        Answer.Gap gap = (Answer.Gap) connection.receive();
        Answer.Output first = (Answer.Output) connection.receive();
        assertThat(gap.from()).isEqualTo(1);
        assertThat(first.seq()).isEqualTo(gap.to() + 1);
        assertThat(first.offset()).isEqualTo(volume.dropped());
      }
    }
  }

  /** The record of a process's start is written once it has lived for a while: as these end. */
  @Test
  void recordsNoStartOverAnEnd() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        List<Future<Answer.Finished>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          String life = "sleep 0.0" + (35 + i);
          all.add(callers.submit(() -> supervisor.run(shell(life + "; exit 3"))));
        }
        for (Future<Answer.Finished> one : all) {
          ProcessInfo known = one.get().process();
          assertThat(exit(supervisor.recorded(known.pid()))).isEqualTo(known.exit());
        }
      }
    }
  }

  /** Whoever watches is told of every end, however soon the output is over, too. */
  @Test
  void tellsEveryEnd() throws Exception {
    int rounds = 300;
    try (SupervisorProcess supervisor = SupervisorProcess.configured();
        Connection watching = supervisor.connect();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      watching.send(new Request.Watch());
      assertThat(watching.receive()).isInstanceOf(DaemonStatus.class);
      Future<Set<Long>> told =
          threads.submit(() -> {
            Set<Long> ended = new HashSet<>();
            while (ended.size() < 4 * rounds) {
              if (watching.receive() instanceof ProcessInfo process && process.exit() != null) {
                ended.add(process.pid());
              }
            }
            return ended;
          });
      Callable<Void> loop =
          () -> {
            try (Connection connection = supervisor.connect()) {
              for (int i = 0; i < rounds; i++) {
                SupervisorProcess.stream(connection, new Request.Run(command("true"), 0));
              }
            }
            return null;
          };
      for (Future<Void> future : threads.invokeAll(List.of(loop, loop, loop, loop))) {
        future.get();
      }
      assertThat(told.get(20, TimeUnit.SECONDS)).hasSize(4 * rounds);
    }
  }

  @Tag("slow")
  @Test
  void leavesNoZombieNoDescriptorAndNoMemoryAfterThousandsOfProcesses() throws Exception {
    int rounds = Integer.getInteger("caisson.processes", 1_000);
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      supervisor.run("true");
      long descriptors = supervisor.descriptors();
      Callable<Void> loop =
          () -> {
            try (Connection connection = supervisor.connect()) {
              for (int i = 0; i < rounds / 4; i++) {
                List<Message> answers =
                    SupervisorProcess.stream(
                        connection, new Request.Run(shell("echo " + i + "; exit 3"), 100));
                Answer.Finished finished = (Answer.Finished) answers.getLast();
                assertThat(text(finished.stdout())).isEqualTo(i + "\n");
                assertThat(exit(finished).code()).isEqualTo(3);
              }
            }
            return null;
          };
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Void> future : threads.invokeAll(List.of(loop, loop, loop, loop))) {
          future.get();
        }
      }
      assertThat(supervisor.children()).isZero();
      assertThat(supervisor.descriptors()).isLessThanOrEqualTo(descriptors + 5);
      assertThat(supervisor.stream(new Request.ListProcesses()))
          .hasSizeBetween(rounds / 2, rounds + 1);
    }
  }

  @Test
  void passesItsSelfTest() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx24m",
                "-cp",
                "target/classes",
                "dev.caisson.supervisor.Main",
                "--self-test")
            .redirectErrorStream(true)
            .start();
    String log = text(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).contains("the self-test has passed").doesNotContain("ERROR");
  }

  @Test
  void refusesAUserWithoutTheHelper() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      assertRefused(supervisor.ask(as("1234", "true")), "UNSUPPORTED", "launch");
    }
  }

  @Test
  void endsEverythingAtShutdown() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      ProcessInfo polite =
          supervisor.begin(
              "sh", "-c", "trap 'echo bye; exit 4' TERM; echo up; while :; do sleep 0.05; done");
      ProcessInfo deaf =
          supervisor.begin(
              "sh", "-c", "trap '' TERM; setsid sleep 300 & while :; do sleep 0.05; done");
      until("both", () -> supervisor.log().isEmpty() || children(supervisor) == 2);
      until("the trap", () -> output(supervisor, polite.pid()).contains("up"));

      assertThat(supervisor.ask(new Request.Shutdown(500))).isInstanceOf(Answer.Done.class);

      assertThat(ProcessHandle.of(supervisor.pid()).orElseThrow().descendants()).isEmpty();
      Answer.Finished bye = supervisor.await(polite.pid());
      assertThat(bye.process().exit())
          .extracting(ProcessInfo.Exit::code, ProcessInfo.Exit::cause)
          .containsExactly(4, ProcessInfo.Cause.SANDBOX_ENDED);
      assertThat(text(bye.stdout())).isEqualTo("up\nbye\n");
      assertThat(supervisor.await(deaf.pid()).process().exit())
          .extracting(ProcessInfo.Exit::signal, ProcessInfo.Exit::cause)
          .containsExactly("KILL", ProcessInfo.Cause.SANDBOX_ENDED);
      assertRefused(supervisor.ask(command("true")), "ESHUTDOWN", "ended");
      assertThat(supervisor.ask(new Request.Shutdown(0))).isInstanceOf(Answer.Done.class);
      assertThat(supervisor.isAlive()).isTrue();
    }
  }

  @Test
  void endsEverythingWhenItIsTerminated() throws Exception {
    try (SupervisorProcess supervisor = SupervisorProcess.configured()) {
      ProcessInfo process = supervisor.begin("sleep", "300");

      supervisor.terminate();

      assertThat(Path.of("/proc/" + process.pid())).doesNotExist();
      assertThat(exit(supervisor.recorded(process.pid())).cause())
          .isEqualTo(ProcessInfo.Cause.SANDBOX_ENDED);
    }
  }

  @Test
  void findsAgainWhatALostSupervisorHasLeft() throws Exception {
    Path directory = Files.createTempDirectory("caisson");
    SupervisorProcess first = SupervisorProcess.start(directory, Map.of());
    first.configure();
    ProcessInfo over = first.run("echo", "kept").process();
    ProcessInfo lost = first.begin("sh", "-c", "echo before; exec sleep 300");
    until("its record", () -> Files.exists(first.state(lost.pid()).resolve("record")));
    until("its line", () -> output(first, lost.pid()).equals("before\n"));
    first.kill();
    ProcessHandle.of(lost.pid()).ifPresent(ProcessHandle::destroyForcibly);

    try (SupervisorProcess second = SupervisorProcess.start(directory, Map.of())) {
      second.configure();

      assertThat(second.ask(new Request.Describe(over.pid()))).isEqualTo(over);
      Answer.Finished finished = second.await(lost.pid());
      assertThat(exit(finished).cause()).isEqualTo(ProcessInfo.Cause.SUPERVISOR_LOST);
      assertThat(text(finished.stdout())).isEqualTo("before\n");
    }
  }

  /** Of a process that ended without a word there is an entry in a log, and no directory. */
  @Test
  void findsAgainTheProcessesOfAMoment() throws Exception {
    Path directory = Files.createTempDirectory("caisson");
    SupervisorProcess first = SupervisorProcess.start(directory, Map.of());
    first.configure();
    List<ProcessInfo> over = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      over.add(first.run("sh", "-c", "exit " + i).process());
    }
    ProcessInfo last = over.getLast();
    assertThat(first.ask(new Request.Describe(last.pid()))).isEqualTo(last);
    first.kill();

    SupervisorProcess second = SupervisorProcess.start(directory, Map.of());
    second.configure();
    for (ProcessInfo one : over) {
      assertThat(second.ask(new Request.Describe(one.pid()))).isEqualTo(one);
      assertThat(second.await(one.pid()).process()).isEqualTo(one);
    }
    assertThat(second.stream(new Request.ListProcesses())).containsAll(over);
    assertThat(second.ask(new Request.Forget())).isInstanceOf(Answer.Done.class);
    second.kill();

    try (SupervisorProcess third = SupervisorProcess.start(directory, Map.of())) {
      third.configure();
      assertThat(third.ask(new Request.Describe(last.pid()))).isInstanceOf(Answer.Refused.class);
    }
  }

  /** What a descendant writes after the end is kept, and the record says how much it was. */
  @Test
  void keepsWhatADescendantWritesAfterASilentEnd() throws Exception {
    Path directory = Files.createTempDirectory("caisson");
    SupervisorProcess first = SupervisorProcess.start(directory, Map.of());
    first.configure();
    ProcessInfo over = first.run("sh", "-c", "(sleep 0.3; echo late) & exit 4").process();
    until("the line", () -> output(first, over.pid()).equals("late\n"));
    until("its record", () -> Files.exists(first.state(over.pid()).resolve("record")));
    first.kill();

    try (SupervisorProcess second = SupervisorProcess.start(directory, Map.of())) {
      second.configure();
      Answer.Finished finished = second.await(over.pid());
      assertThat(exit(finished)).isEqualTo(over.exit());
      assertThat(text(finished.stdout())).isEqualTo("late\n");
    }
  }

  private static Request.Start as(String user, String... command) {
    return Request.Start.builder(command).user(user).build();
  }

  private static Answer.Greeting greeting(SupervisorProcess supervisor) throws Exception {
    try (Connection connection = new Connection(channel(supervisor))) {
      return (Answer.Greeting) connection.receive();
    }
  }

  private static SocketChannel channel(SupervisorProcess supervisor) throws Exception {
    return SocketChannel.open(
        UnixDomainSocketAddress.of(supervisor.directory().resolve("supervisor.sock")));
  }

  private static long children(SupervisorProcess supervisor) {
    try {
      return supervisor.children();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String output(SupervisorProcess supervisor, long pid) {
    try {
      return text(((Answer.Finished) supervisor.ask(new Request.Await(pid, 0, 1000))).stdout());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long size(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
