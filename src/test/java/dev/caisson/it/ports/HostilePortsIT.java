package dev.caisson.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.RawHttp;
import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that breaks HTTP's rules or never answers, and clients that are slow or gone:
 * nothing of either stays, and everybody else is answered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostilePortsIT {
  private static final int PORT = 3000;
  private static final int PER_ADDRESS = 40;

  private ServiceProcess service;
  private Api api;
  private String sandbox;
  private String app;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service =
        ServiceProcess.start(
            home,
            Map.of(
                "CAISSON_PORTS_ANSWERTIMEOUT", "PT3S",
                "CAISSON_PORTS_DOMAIN", "ports.test",
                "CAISSON_PORTS_BYPATH", "true",
                "CAISSON_CONNECTIONS_HEAD", "PT4S",
                "CAISSON_CONNECTIONS_PERADDRESS", Integer.toString(PER_ADDRESS),
                "SERVER_ADDRESS", "0.0.0.0",
                "JAVA_TOOL_OPTIONS", "-Xmx200m"));
    api = service.api();
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    app = "/v1/sandboxes/" + sandbox + "/ports/" + PORT + "/";
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=/hostile.pl",
            Files.readString(Path.of("src/test/resources/ports/hostile.pl")))
        .expecting(201);
    long pid =
        api.start(
            sandbox,
            Map.of("shell", "exec perl /hostile.pl " + PORT, "readiness", Map.of("port", PORT)));
    api.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "?waitFor=READY&timeout=PT60S")
        .expecting(200);
  }

  @AfterAll
  void end() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "early", "switch", "token"})
  void whatIsNoAnswerIsAProblem(String path) {
    Api.Reply answer = api.get(app + path);
    assertThat(answer.expecting(502).get("code").asString()).isEqualTo("NOT_HTTP");
    assertThat(answer.response().headers().map()).doesNotContainKey("set-cookie");
    assertThat(api.get(app + "hello").text()).isEqualTo("hello");
  }

  @Test
  void aHeadAsLargeAsItMayBeIsPassedOn() {
    assertThat(api.get(app + "big").text()).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/echo/{a}",
        "/echo/^|\"<>[]",
        "//echo/a",
        "/echo//",
        "///echo",
        "/echo/a%2Fb/../c;d=e/.",
        "/echo/%7B%c3%a4%25",
        "/echo?",
        "/echo/?{^|\"}[]\\`%zz",
        "/echo?a=b?/&//=",
        "/echo/*/~'()!$,@:+"
      })
  void aTargetArrivesAsItWasWritten(String target) throws Exception {
    try (RawHttp http = new RawHttp(service.port())) {
      String key = "Authorization: Bearer " + service.key();
      assertThat(http.ask("GET", app.replaceFirst("/$", "") + target, key).body())
          .as("by path")
          .isEqualTo(target);
      String host = "Host: " + PORT + "-" + sandbox + ".ports.test\r\n";
      String request = "GET " + target + " HTTP/1.1\r\n" + host + key + "\r\n\r\n";
      assertThat(http.send(request, "GET").body()).as("by host name").isEqualTo(target);
    }
  }

  @Test
  void anAnswerThatDoesNotBeginIsGivenUp() {
    assertThat(api.get(app + "silent").expecting(504).get("code").asString())
        .isEqualTo("ANSWER_TIMEOUT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "drip"})
  void clientsThatHaveGoneLeaveNothing(String path) throws Exception {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      clients.add(ask(InetAddress.getLoopbackAddress(), path, ""));
    }
    Eventually.holds(this::connectionsInside, count -> count >= 30);
    for (Socket client : clients) {
      client.close();
    }
    long from = System.nanoTime();
    Eventually.holds(this::connectionsInside, count -> count == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(2900));
    Eventually.holds(this::closeWaits, count -> count == 0);
  }

  @Test
  void aNextRequestThatIsSentEarlyIsKept() throws Exception {
    try (Socket client = ask(InetAddress.getLoopbackAddress(), "silent", "")) {
      client.getOutputStream().write(head("hello", "Connection: close\r\n"));
      String all = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(all).startsWith("HTTP/1.1 504").contains("HTTP/1.1 200").endsWith("hello");
    }
  }

  @Test
  void oneSandboxThatDoesNotAnswerDoesNotTakeAllConnections() throws Exception {
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 256; i++) {
        clients.add(ask(InetAddress.getLoopbackAddress(), "drip", ""));
      }
      Eventually.holds(this::connectionsInside, count -> count >= 256);
      Api.Reply refused = api.get(app + "hello");
      assertThat(refused.expecting(503).get("code").asString())
          .isEqualTo("TOO_MANY_REQUESTS_UNDER_WAY");
      assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
    Eventually.holds(() -> api.get(app + "hello").status(), status -> status == 200);
  }

  @Test
  void aHeadThatDripsIsClosedAndAnIdleConnectionIsNot() throws Exception {
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), service.port());
        Socket idle = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      idle.getOutputStream()
          .write(
              "GET /actuator/health HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      long from = System.nanoTime();
      // The wait for an answer is the pause between two bytes.
      slow.setSoTimeout(500);
      while (!isOver(slow)) {
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(9));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(Duration.ofSeconds(3));
      idle.getOutputStream()
          .write(
              "GET /actuator/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(
              new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                  .split("HTTP/1.1 200", -1))
          .hasSize(3);
    }
  }

  private static boolean isOver(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void noAddressHasMoreThanItsShare() throws Exception {
    InetAddress own = outward();
    List<Socket> all = new ArrayList<>();
    try {
      int open = 0;
      for (int i = 0; i < 2 * PER_ADDRESS; i++) {
        Socket socket = new Socket(own, service.port());
        all.add(socket);
        socket.setSoTimeout(200);
        open += isClosed(socket) ? 0 : 1;
      }
      assertThat(open).isEqualTo(PER_ADDRESS);
      // From the loopback, where proxies are, and from elsewhere.
      assertThat(api.get(app + "hello").text()).isEqualTo("hello");
    } finally {
      for (Socket socket : all) {
        socket.close();
      }
    }
    Eventually.holds(
        () -> {
          try (Socket socket = new Socket(own, service.port())) {
            socket.setSoTimeout(200);
            return isClosed(socket);
          } catch (IOException e) {
            return true;
          }
        },
        closed -> !closed);
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** An address of this host that is not the loopback's. */
  private static InetAddress outward() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
        .findFirst()
        .orElseThrow();
  }

  private Socket ask(InetAddress to, String path, String headers) throws IOException {
    Socket socket = new Socket(to, service.port());
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(head(path, headers));
    return socket;
  }

  private byte[] head(String path, String headers) {
    return ("GET "
            + app
            + path
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + service.key()
            + "\r\n"
            + headers
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** How many connections the application has, asked of the kernel in its sandbox. */
  private int connectionsInside() {
    String table = Api.text(api.exec(sandbox, "cat", "/proc/net/tcp", "/proc/net/tcp6"), "stdout");
    String port = ":%04X".formatted(PORT);
    return Collections.frequency(
        table
            .lines()
            .map(line -> line.strip().split("\\s+", 5))
            .filter(c -> c.length > 4 && c[1].endsWith(port))
            .map(c -> c[3])
            .toList(),
        "01");
  }

  /** How many connections of clients that have gone the service still has. */
  private long closeWaits() {
    try {
      String port = ":%04X".formatted(service.port());
      return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
          .map(line -> line.strip().split("\\s+", 5))
          .filter(c -> c.length > 4 && c[1].endsWith(port) && c[3].equals("08"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
