package dev.caisson.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the port shows of itself: names that clients come by, and never a certificate that ends. */
class ServerIdentityTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

  @TempDir Path home;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);

  private ServerIdentity identity(String... names) {
    return new ServerIdentity(
        Authority.of(home.resolve("ca.pem"), clock), () -> List.of(names), clock);
  }

  private static X509Certificate shown(ServerIdentity identity, String alias) {
    return Objects.requireNonNull(identity.getCertificateChain(alias))[0];
  }

  private static String alias(ServerIdentity identity) {
    return Objects.requireNonNull(identity.chooseEngineServerAlias("EC", null, null));
  }

  @Test
  void itIsRenewedLongBeforeItEndsAndAHandshakeUnderWayKeepsItsOwn() throws Exception {
    ServerIdentity identity = identity("localhost", "127.0.0.1", "::1");
    String first = alias(identity);
    X509Certificate certificate = shown(identity, first);
    assertThat(alias(identity)).as("the same for each").isEqualTo(first);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(
            certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1))))
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    Duration life = Duration.between(NOW, certificate.getNotAfter().toInstant());
    now.set(NOW.plus(life.dividedBy(2)));
    String second = alias(identity);
    assertThat(second).isNotEqualTo(first);
    assertThat(shown(identity, second).getNotAfter()).isAfter(certificate.getNotAfter());
    assertThat(shown(identity, first)).isEqualTo(certificate);
    assertThat(identity.getPrivateKey(first)).isNotEqualTo(identity.getPrivateKey(second));
    now.set(now.get().plus(life));
    alias(identity);
    assertThat(identity.getPrivateKey(first)).as("forgotten").isNull();
    assertThat(identity.chooseEngineServerAlias("RSA", null, null)).isNull();
  }

  @Test
  void itsNamesAreThoseThatClientsComeBy() throws Exception {
    InetAddress all = InetAddress.getByName("0.0.0.0");
    InetAddress one = InetAddress.getByName("10.1.2.3");
    assertThat(ServerNames.of(List.of(), one))
        .containsExactly("10.1.2.3", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(ServerNames.of(List.of("Boxes.Example", "[2001:db8::7]"), all))
        .startsWith("boxes.example", "2001:db8:0:0:0:0:0:7")
        .contains(InetAddress.getLocalHost().getHostName().toLowerCase(java.util.Locale.ROOT));
    assertThat(ServerNames.plain("[::1]")).isEqualTo("0:0:0:0:0:0:0:1");
  }

  @Test
  void whoHasComeByAnotherNameIsSentToOneThatIsBelieved() throws Exception {
    DockerTls named =
        new DockerTls(
            new DockerTlsProperties(2376, List.of("boxes.example")),
            home,
            InetAddress.getByName("0.0.0.0"),
            clock);
    assertThat(named.host("127.0.0.1")).isEqualTo("127.0.0.1");
    assertThat(named.host("Boxes.Example")).isEqualTo("Boxes.Example");
    assertThat(named.host("[::1]")).isEqualTo("[::1]");
    assertThat(named.host("proxy.example")).isEqualTo("boxes.example");
    DockerTls six =
        new DockerTls(
            new DockerTlsProperties(2376, List.of()),
            home,
            InetAddress.getByName("2001:db8::7"),
            clock);
    assertThat(six.host("proxy.example")).isEqualTo("[2001:db8:0:0:0:0:0:7]");
  }

  @Test
  void withoutAPortNothingIsMade() throws Exception {
    DockerTls off = new DockerTls(new DockerTlsProperties(0, List.of()), home, null, clock);
    assertThat(off.isOn()).isFalse();
    try (var files = java.nio.file.Files.list(home)) {
      assertThat(files).isEmpty();
    }
  }
}
