package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.certificate.DockerTls;
import dev.caisson.certificate.OtherDockerTls;
import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The port for client certificates in the running service: who is heard there, and for how long.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class DockerPortTest {
  private static final int CERTIFIED = ServiceProcess.freePort();
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir static Path home;
  @LocalServerPort int port;
  @Autowired Grants grants;
  @Autowired DockerTls tls;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
    registry.add("caisson.docker.tls-port", () -> CERTIFIED);
  }

  private Grants.Issued grant(String sandbox) {
    return grants.issue(sandbox, Grant.Scope.DOCKER, null, HOUR);
  }

  private ClientFiles files(Grants.Issued grant) {
    return ClientFiles.of(tls.sign(grant.id(), grant.expiresAt(), null));
  }

  private static RawHttp http(ClientFiles files) throws Exception {
    return new RawHttp(CERTIFIED, files.sockets());
  }

  /** Who is told that there is no such sandbox was let in to it; there is none in this service. */
  private static void assertLedTo(String sandbox, RawHttp.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
    assertThat(answer.body()).contains("SANDBOX_NOT_FOUND", sandbox);
  }

  private static void assertRefused(RawHttp.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
    assertThat(Api.JSON.readTree(answer.body()).get("message").asString())
        .startsWith("The grant of this client certificate is over or was revoked");
  }

  private static void assertNotHeard(ClientFiles files) {
    assertThatThrownBy(
            () -> {
              try (RawHttp http = http(files)) {
                http.ask("GET", "/_ping");
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aCertificateLeadsToItsOwnSandboxAlone() throws Exception {
    try (RawHttp one = http(files(grant("sb-aaaaaaaa")));
        RawHttp other = http(files(grant("sb-bbbbbbbb")))) {
      for (String path :
          new String[] {
            "/_ping",
            "/v1/sandboxes/sb-bbbbbbbb/docker/engine/_ping",
            "/v1/sandboxes/sb-aaaaaaaa/docker/engine/_ping",
            "/v1/sandboxes/sb-bbbbbbbb"
          }) {
        assertLedTo("sb-aaaaaaaa", one.ask("GET", path));
        assertLedTo("sb-bbbbbbbb", other.ask("GET", path));
      }
    }
  }

  @Test
  void theSecondRequestOfAConnectionIsRefusedOnceTheGrantIsRevoked() throws Exception {
    Grants.Issued grant = grant("sb-aaaaaaaa");
    ClientFiles files = files(grant);
    SSLContext resumed = files.context();
    try (RawHttp kept = new RawHttp(CERTIFIED, resumed.getSocketFactory())) {
      assertLedTo("sb-aaaaaaaa", kept.ask("GET", "/_ping"));
      grants.revoke("sb-aaaaaaaa", grant.id());
      assertRefused(kept.ask("GET", "/_ping"));
    }
    try (RawHttp again = new RawHttp(CERTIFIED, resumed.getSocketFactory())) {
      assertRefused(again.ask("POST", "/grpc", "Content-Length: 0"));
    }
  }

  @Test
  void aGrantThatIsOverEndsItsCertificateAndItsConnections() throws Exception {
    Grants.Issued brief =
        grants.issue("sb-aaaaaaaa", Grant.Scope.DOCKER, null, Duration.ofSeconds(3));
    // Of a certificate that would be good for longer, it is the grant that counts.
    try (RawHttp kept =
        http(ClientFiles.of(tls.sign(brief.id(), Instant.now().plus(HOUR), null)))) {
      assertLedTo("sb-aaaaaaaa", kept.ask("GET", "/_ping"));
      Eventually.holds(
          () -> grants.list("sb-aaaaaaaa"),
          list -> list.stream().noneMatch(each -> each.id().equals(brief.id())));
      assertRefused(kept.ask("GET", "/_ping"));
    }
  }

  @Test
  void aGrantOfSomethingElseIsNone() throws Exception {
    Grants.Issued link = grants.issue("sb-aaaaaaaa", Grant.Scope.PORT, 81, HOUR);
    try (RawHttp http = http(files(link))) {
      assertRefused(http.ask("GET", "/_ping"));
    }
    try (RawHttp http =
        http(ClientFiles.of(tls.sign("k7m2p9w3xh", Instant.now().plus(HOUR), null)))) {
      assertRefused(http.ask("GET", "/_ping"));
    }
  }

  @Test
  void whoShowsNoneOrOneThatIsNotOfThisAuthorityIsNotHeard(@TempDir Path other) throws Exception {
    Grants.Issued grant = grant("sb-aaaaaaaa");
    ClientFiles own = files(grant);
    assertNotHeard(own.showingNothing());
    // Another state directory's, that names a grant of this one.
    DockerTls others = OtherDockerTls.at(other);
    ClientFiles foreign =
        ClientFiles.of(others.sign(grant.id(), grant.expiresAt(), null)).trusting(own.ca());
    assertNotHeard(foreign);
    ClientFiles over = ClientFiles.of(tls.sign(grant.id(), Instant.now().minusSeconds(1), null));
    assertNotHeard(over);
    try (RawHttp http = http(own)) {
      assertLedTo("sb-aaaaaaaa", http.ask("GET", "/_ping"));
    }
    assertThatThrownBy(() ->
            http(own.trusting(others.sign("k7m2p9w3xh", grant.expiresAt(), null).ca()))
                .ask("GET", "/_ping"))
        .as("who trusts somebody else is not served by this one")
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void currentVersionsOfTlsAreSpoken(String version) throws Exception {
    SSLContext context = files(grant("sb-aaaaaaaa")).context();
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), CERTIFIED)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void itListensWhereTheServiceDoesAndAnswersNothingWithoutTls() throws Exception {
    try (RawHttp plain = new RawHttp(CERTIFIED)) {
      assertThat(plain.ask("GET", "/actuator/health").status()).isEqualTo(400);
    }
    for (InetAddress each :
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList()) {
      if (!each.isLoopbackAddress() && !each.isLinkLocalAddress()) {
        assertThatThrownBy(() -> new Socket(each, CERTIFIED).close())
            .as(each.toString())
            .isInstanceOf(IOException.class);
      }
    }
  }

  /** A certificate is asked for, and counts, at its own port alone. */
  @Test
  void theServicesOwnPortKnowsNothingOfCertificates() throws Exception {
    try (RawHttp service = new RawHttp(port)) {
      assertThat(service.ask("GET", "/_ping").status()).isEqualTo(401);
      assertThat(service.ask("GET", "/actuator/health/liveness").status()).isEqualTo(200);
    }
  }

  @Test
  void theAuthoritysKeyIsItsOwnersAndIsNeverSaid(CapturedOutput log) throws Exception {
    Path file = home.resolve("docker-ca.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    ClientFiles files = files(grant("sb-aaaaaaaa"));
    assertThat(Files.readString(file)).contains(files.ca());
    assertThat(files.toString()).isNotEmpty();
    assertThat(tls.sign("k7m2p9w3xh", Instant.now().plus(HOUR), null).toString())
        .doesNotContain("KEY");
    assertThat(log).doesNotContain("PRIVATE");
  }

  @Test
  void aWrongKeyOfAClientIsSaidByTheNameOfItsField() throws IOException {
    Api api =
        new Api(
            java.net.URI.create("http://127.0.0.1:" + port),
            Files.readString(home.resolve("admin.key")).strip());
    String path = "/v1/sandboxes/sb-aaaaaaaa/docker/certificates";
    for (String wrong : new String[] {"", "ssh-ed25519 AAAA", "x".repeat(9000)}) {
      assertThat(api.post(path, Map.of("publicKey", wrong)).expecting(400).get("detail").asString())
          .startsWith("publicKey must");
    }
    assertThat(api.post(path, Map.of("ttl", "P8D")).status()).isEqualTo(400);
    assertThat(api.post(path, Map.of()).status()).isEqualTo(404);
  }
}
