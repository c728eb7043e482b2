package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {

  private final List<String> failures = new ArrayList<>();
  @TempDir Path root;
  private final DaemonClock clock = new DaemonClock();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void theVersionIsReadFromThePingsHeader() throws Exception {
    ProbeServer server = serve(ProbeServer.ok("OK"));
    assertThat(probe().ask(ProbeQuestion.ALIVE, () -> true)).contains("26.1.5+dfsg1");
    assertThat(server.requests).containsExactly("GET /_ping HTTP/1.0");
  }

  @Test
  void noSocketNoErrorNoAnswer() throws Exception {
    assertThat(probe().ask(ProbeQuestion.ALIVE, () -> true)).isEmpty();
  }

  @Test
  void anAnswerThatIsNotGoodIsNone() throws Exception {
    serve("HTTP/1.0 500 Internal Server Error\r\nServer: Docker/26.1.5 (linux)\r\n\r\n");
    assertThat(probe().ask(ProbeQuestion.ALIVE, () -> true)).isEmpty();
  }

  @Test
  void whoTakesTheConnectionAndSaysNothingIsSilentWhenTheTimeIsOver() throws Exception {
    Files.createDirectories(root.resolve("run"));
    ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    open.add(mute);
    mute.bind(UnixDomainSocketAddress.of(root.resolve("run/docker.sock")));
    Clock real = Clock.systemUTC();
    try (ProbeCall call = ProbeCall.send(root.resolve("run/docker.sock"), "GET", "/_ping")) {
      Instant deadline = real.instant().plusMillis(50);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> call.answer(real, deadline)))
          .isInstanceOf(IOException.class)
          .hasMessage("no answer in time");
      assertThat(real.instant()).isAfterOrEqualTo(deadline.minusMillis(2));
    }
  }

  @Test
  void aStartWaitsForTheSocketInSmallSteps() throws Exception {
    Probe probe =
        new Probe(
            new DaemonLayout(root),
            clock,
            step -> {
              clock.pass(step);
              if (open.isEmpty() && clock.instant().toEpochMilli() % 1000 >= 99) {
                serveUnchecked(ProbeServer.ok("OK"));
              }
            },
            failures::add);
    Instant before = clock.instant();
    assertThat(probe.ask(ProbeQuestion.START, () -> true)).isPresent();
    assertThat(Duration.between(before, clock.instant())).isLessThan(Duration.ofMillis(110));
  }

  @Test
  void aStartEndsWhenItsPatienceIsOver() throws Exception {
    Instant before = clock.instant();
    assertThat(probe().ask(ProbeQuestion.START, () -> true)).isEmpty();
    assertThat(Duration.between(before, clock.instant()))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
  }

  @Test
  void aStartThatNobodyWantsAnyMoreEndsAtOnce() throws Exception {
    Instant before = clock.instant();
    assertThat(probe().ask(ProbeQuestion.START, () -> false)).isEmpty();
    assertThat(clock.instant()).isEqualTo(before);
  }

  @Test
  void aReconnectWaitsUntilTheVersionNamesContainerd() throws Exception {
    AtomicReference<String> components = new AtomicReference<>("{\"Name\":\"Engine\"}");
    ProbeServer server =
        new ProbeServer(
            new DaemonLayout(root).dockerSocket(), line -> ProbeServer.ok(components.get()));
    open.add(server);
    Probe probe =
        new Probe(
            new DaemonLayout(root),
            clock,
            step -> {
              clock.pass(step);
              if (server.requests.size() == 3) {
                components.set("{\"Name\":\"Engine\"},{\"Name\":\"containerd\"}");
              }
            },
            failures::add);
    assertThat(probe.ask(ProbeQuestion.RECONNECT, () -> true)).contains("26.1.5+dfsg1");
    assertThat(server.requests).hasSize(4).containsOnly("GET /version HTTP/1.0");
  }

  private Probe probe() {
    return new Probe(new DaemonLayout(root), clock, clock::pass, failures::add);
  }

  @Test
  void whatGoesWrongIsToldOnceNotAtEveryTry() throws InterruptedException {
    assertThat(probe().ask(ProbeQuestion.START, () -> true)).isEmpty();
    assertThat(failures).hasSize(1);
  }

  private ProbeServer serve(String answer) throws IOException {
    ProbeServer server = new ProbeServer(new DaemonLayout(root).dockerSocket(), line -> answer);
    open.add(server);
    return server;
  }

  private void serveUnchecked(String answer) {
    try {
      serve(answer);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
