package dev.caisson.supervisor;

import static dev.caisson.supervisor.SupervisorProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Message;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.ProcessInfo.Readiness;
import dev.caisson.supervisor.wire.Request;
import dev.caisson.supervisor.wire.Request.Start;
import dev.caisson.supervisor.wire.StartBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a process counts as ready. */
@Timeout(60)
class ReadinessTest {
  @AutoClose private static SupervisorProcess supervisor;

  @BeforeAll
  static void start() {
    supervisor = SupervisorProcess.configured();
  }

  @Test
  void byAnExpressionInItsOutput() throws Exception {
    long pid =
        begin(
            Start.shellBuilder(
                    "echo starting; sleep 0.2; printf 'up and ' >&2; sleep 0.1;"
                        + " echo runn\u00efng >&2; exec sleep 60")
                .readiness(Request.Readiness.builder().output("^up and runn.ng$").build()));

    assertThat(awaited(pid).state()).isEqualTo(Readiness.State.READY);
    end(pid);
  }

  @Test
  void byAnExpressionBehindALotOfOutput() throws Exception {
    long pid =
        begin(
            Start.shellBuilder(
                    "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo ready; exec sleep 60")
                .readiness(Request.Readiness.builder().output("^ready$").build()));

    assertThat(awaited(pid).state()).isEqualTo(Readiness.State.READY);
    end(pid);
  }

  @Test
  void notByAnExpressionThatTakesForEver() throws Exception {
    long pid =
        begin(
            Start.shellBuilder(
                    "printf aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac; exec sleep 60")
                .readiness(
                    Request.Readiness.builder()
                        .output("(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b")
                        .build()));

    assertThat(awaited(pid).state()).isEqualTo(Readiness.State.FAILED);
    assertThat(awaited(pid).reason()).contains("too long");
    end(pid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void byAPortOfEitherLoopback(String address) throws Exception {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      long pid =
          begin(
              Start.builder("sleep", "60")
                  .readiness(Request.Readiness.builder().port(server.getLocalPort()).build()));

      assertThat(awaited(pid).state()).isEqualTo(Readiness.State.READY);
      end(pid);
    }
  }

  @Test
  void byWhatHttpAnswersInTheEnd() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread answering = Thread.ofVirtual().start(() -> answer(server, 503, 404, 302));
      try (Connection watching = supervisor.connect()) {
        watching.send(new Request.Watch());
        assertThat(watching.receive()).isInstanceOf(DaemonStatus.class);
        long pid =
            begin(
                Start.builder("sleep", "60")
                    .readiness(
                        Request.Readiness.builder()
                            .port(server.getLocalPort())
                            .http("/health")
                            .build()));

        assertThat(awaited(pid).state()).isEqualTo(Readiness.State.READY);
        answering.join();
        ProcessInfo told = (ProcessInfo) watching.receive();
        while (told.pid() != pid || state(told) == Readiness.State.PENDING) {
          told = (ProcessInfo) watching.receive();
        }
        assertThat(told).isEqualTo(supervisor.describe(pid));
        end(pid);
      }
    }
  }

  @Test
  void failsWithWhatWasSeenLast() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, 503, 503, 503, 503, 503, 503, 503));
      long pid =
          begin(
              Start.builder("sleep", "60")
                  .readiness(
                      Request.Readiness.builder()
                          .port(server.getLocalPort())
                          .http("/x")
                          .timeoutMillis(300)
                          .build()));

      Readiness failed = awaited(pid);
      assertThat(failed.state()).isEqualTo(Readiness.State.FAILED);
      assertThat(failed.reason()).contains("status 503");
      assertThat(failed.at()).isPositive();
      end(pid);
    }
    long pid =
        begin(
            Start.builder("sleep", "60")
                .readiness(Request.Readiness.builder().port(1).timeoutMillis(200).build()));
    assertThat(awaited(pid).reason()).contains("port 1").contains("refused");
    end(pid);
  }

  @Test
  void afterADelayAndWithEverythingThatWasSaid() throws Exception {
    long before = System.nanoTime();
    long pid =
        begin(
            Start.shellBuilder("echo ready; exec sleep 60")
                .readiness(Request.Readiness.builder().output("ready").delayMillis(300).build()));

    Answer.Finished early = await(pid, 50);
    assertThat(state(early.process())).isEqualTo(Readiness.State.PENDING);
    assertThat(readiness(early.process()).reason()).contains("delay");
    assertThat(awaited(pid).state()).isEqualTo(Readiness.State.READY);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(300));
    end(pid);
  }

  @Test
  void failsWithItsProcess() throws Exception {
    long pid =
        begin(
            Start.shellBuilder("sleep 0.1; exit 3")
                .readiness(Request.Readiness.builder().output("never").build()));

    Answer.Finished finished = await(pid, 30_000);

    assertThat(finished.process().exit()).isNotNull();
    assertThat(readiness(finished.process()).state()).isEqualTo(Readiness.State.FAILED);
    assertThat(readiness(finished.process()).reason()).contains("exit code 3");
  }

  @Test
  void isNotWaitedForWhereNothingWasSaid() throws Exception {
    long pid = begin(Start.builder("sleep", "60"));

    assertThat(await(pid, 30_000).process().readiness()).isNull();
    end(pid);
  }

  @Test
  void refusesWhatCanNeverBe() throws Exception {
    refused(
        Start.builder("true").readiness(Request.Readiness.builder().port(70_000).build()), "port");
    refused(
        Start.builder("true").readiness(Request.Readiness.builder().http("/x").build()), "port");
    refused(
        Start.builder("true").readiness(Request.Readiness.builder().port(80).http("x").build()),
        "slash");
    refused(
        Start.builder("true")
            .readiness(Request.Readiness.builder().port(80).http("/x HTTP/1.1\r\nA: b").build()),
        "slash");
    refused(
        Start.builder("true").readiness(Request.Readiness.builder().output("(").build()), "output");
  }

  private static void refused(StartBuilder wanted, String part) throws Exception {
    assertRefused(supervisor.ask(wanted.build()), "EINVAL", part);
  }

  private static void answer(ServerSocket server, int... statuses) {
    try {
      for (int status : statuses) {
        try (Socket socket = server.accept()) {
          byte[] request = new byte[1_000];
          assertThat(socket.getInputStream().read(request)).isPositive();
          String answer = "HTTP/1.1 " + status + " whatever\r\nContent-Length: 0\r\n\r\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (java.io.IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  private static long begin(StartBuilder wanted) throws Exception {
    return supervisor.begin(wanted).pid();
  }

  private static Readiness awaited(long pid) throws Exception {
    return readiness(await(pid, 30_000).process());
  }

  private static Answer.Finished await(long pid, long millis) throws Exception {
    Message answer = supervisor.ask(new Request.Await(pid, millis, 0, true));
    return (Answer.Finished) answer;
  }

  private static Readiness readiness(ProcessInfo process) {
    return Objects.requireNonNull(process.readiness());
  }

  private static Readiness.State state(ProcessInfo process) {
    return readiness(process).state();
  }

  private static void end(long pid) throws Exception {
    supervisor.ask(new Request.End(pid, 1_000));
  }
}
