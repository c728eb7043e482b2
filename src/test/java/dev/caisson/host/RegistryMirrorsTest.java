package dev.caisson.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of registry mirrors that answer, and of those that do not. */
class RegistryMirrorsTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final RegistryMirrors mirrors = new RegistryMirrors();

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  @Test
  void withoutMirrorsThereIsNothingToSay() {
    assertThat(mirrors.look()).isEmpty();
    assertThat(mirrors.advice()).isEmpty();
  }

  @Test
  void anyAnswerWillDo() throws IOException {
    HttpServer registry = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    registry.createContext(
        "/v2/",
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    registry.start();
    try {
      mirrors.serve(List.of(url(registry.getAddress().getPort()) + "/"));

      RegistryMirror mirror = mirrors.look().getFirst();

      assertThat(mirror.answers()).as(mirror.toString()).isTrue();
      assertThat(mirror.reason()).contains("401");
      assertThat(mirror.remedy()).isNull();
      assertThat(mirrors.advice()).isEmpty();
    } finally {
      registry.stop(0);
    }
  }

  @Test
  void oneThatIsGoneIsNamedWithWhatToDo() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, HERE)) {
      port = gone.getLocalPort();
    }
    mirrors.serve(List.of("http://somebody:secret@127.0.0.1:" + port));

    assertThat(mirrors.look().getFirst().answers()).isFalse();
    assertThat(mirrors.advice())
        .contains(url(port), "refused", "kit/registry.sh cache")
        .doesNotContain("secret");
  }

  /** All of them at the same time, and a look is over in time. */
  @Test
  void thoseThatAcceptAndSayNothingAreWaitedForOnce() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, HERE);
        ServerSocket two = new ServerSocket(0, 1, HERE)) {
      mirrors.serve(List.of(url(one.getLocalPort()), url(two.getLocalPort())));
      long from = System.nanoTime();

      List<RegistryMirror> looked = mirrors.look();

      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(3500));
      assertThat(looked).extracting(RegistryMirror::answers).containsExactly(false, false);
      assertThat(looked).allSatisfy(each -> assertThat(each.reason()).contains("within 2 s"));
    }
  }

  @Test
  void whatTheHostSaysHasThemAmongItsWarnings() throws Exception {
    mirrors.serve(List.of("http://127.0.0.1:1"));
    HostReport before = new FakeInspector().preflight().report();

    HostReport now = before.with(mirrors.look());

    assertThat(now.registryMirrors()).hasSize(1);
    assertThat(now.warnings()).containsAll(before.warnings());
    assertThat(now.warnings().getLast()).contains("http://127.0.0.1:1", "does not answer");
  }

  /** Its sandboxes are in a network of the engine's own, which the service cannot look into. */
  @Test
  void ofARootlessEngineNobodyIsToldToStartWhatSandboxesMayReach() throws Exception {
    FakeInspector host = new FakeInspector();
    host.securityModules = List.of("seccomp", "rootless");
    Preflight preflight = host.preflight(mirrors);
    preflight.serve("test", List.of(), List.of("http://127.0.0.1:1"));

    preflight.report();

    assertThat(mirrors.look().getFirst().answers()).isFalse();
    assertThat(mirrors.advice())
        .contains("http://127.0.0.1:1", "the engine is rootless")
        .doesNotContain("Remedy");
  }
}
