package dev.caisson.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.secret.SecretFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The authority of a state directory: one file, and certificates that say no more than they may.
 */
class AuthorityTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private final Instant soon = Instant.now().plus(Duration.ofHours(1));

  @TempDir Path home;

  private Path file() {
    return home.resolve("docker-ca.pem");
  }

  @Test
  void itIsMadeOnceInAFileThatOnlyItsOwnerCanRead() throws Exception {
    Authority made = Authority.of(file(), CLOCK);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (Stream<Path> all = Files.list(home)) {
      assertThat(all).containsExactly(file());
    }
    assertThat(Authority.of(file(), CLOCK).certificate()).isEqualTo(made.certificate());
    assertThat(
            Authority.of(home.resolve("other.pem"), CLOCK).certificate().getSubjectX500Principal())
        .as("two are told apart by their names")
        .isNotEqualTo(made.certificate().getSubjectX500Principal());
    assertThat(made.certificate().getBasicConstraints()).as("signs no other authority").isZero();
  }

  @Test
  void aClientsCertificateIsAClientsAloneAndEndsWithItsTime() throws Exception {
    Authority authority = Authority.of(file(), CLOCK);
    KeyPair pair = Authority.keyPair();
    X509Certificate client = authority.client("k7m2p9w3xh", pair.getPublic(), soon);
    client.verify(authority.certificate().getPublicKey());
    assertThat(client.getNotAfter().toInstant()).isEqualTo(soon.truncatedTo(ChronoUnit.SECONDS));
    assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(client.getBasicConstraints()).isEqualTo(-1);
    assertThat(client.getPublicKey()).isEqualTo(pair.getPublic());
    assertThat(DockerTls.name(client)).isEqualTo("k7m2p9w3xh");
    assertThat(DockerTls.name(authority.certificate())).isNull();
    X509Certificate late =
        authority.client("k7m2p9w3xh", pair.getPublic(), authority.end().plusSeconds(99));
    assertThat(late.getNotAfter().toInstant()).isEqualTo(authority.end());
    Authority other = Authority.of(home.resolve("other.pem"), CLOCK);
    assertThatThrownBy(() -> client.verify(other.certificate().getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  static Stream<String> broken() {
    return Stream.of("", "x".repeat(600), "-----BEGIN PRIVATE KEY-----\nAAAA\n" + "-".repeat(600));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenFileIsRefusedAndNotMadeAnew(String content) throws Exception {
    Files.writeString(file(), content);
    assertThatThrownBy(() -> Authority.of(file(), CLOCK))
        .isInstanceOf(SecretFileException.class)
        .hasMessageContaining("docker-ca.pem");
    assertThat(Files.readString(file())).isEqualTo(content);
  }

  @Test
  void aKeyWithAnothersCertificateIsRefused() throws Exception {
    Authority.of(file(), CLOCK);
    Path other = home.resolve("other.pem");
    Authority.of(other, CLOCK);
    String key = Files.readString(file()).replaceAll("(?s)-----BEGIN CERTIFICATE.*", "");
    String certificate = Files.readString(other).replaceAll("(?s).*(-----BEGIN CERTIFICATE)", "$1");
    Files.writeString(file(), key + certificate);
    assertThatThrownBy(() -> Authority.of(file(), CLOCK))
        .isInstanceOf(SecretFileException.class)
        .hasMessageContaining("must hold a private key and its certificate")
        .hasMessageNotContaining("BEGIN");
  }

  @Test
  void oneWhoseTimeIsOverIsRefusedByName() {
    Authority made = Authority.of(file(), CLOCK);
    Clock later = Clock.fixed(made.end().plusSeconds(1), ZoneOffset.UTC);
    assertThatThrownBy(() -> Authority.of(file(), later))
        .isInstanceOf(SecretFileException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void keysOfClientsAreTakenIfTheyAreOfAKindAndASizeThatIsTrusted() throws Exception {
    for (List<Object> each :
        List.<List<Object>>of(
            List.of("EC", 256, true),
            List.of("EC", 384, true),
            List.of("RSA", 2048, true),
            List.of("RSA", 1024, false),
            List.of("DSA", 2048, false),
            List.of("Ed25519", 255, false))) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance((String) each.get(0));
      generator.initialize((Integer) each.get(1));
      KeyPair pair = generator.generateKeyPair();
      String pem = Pem.write(Pem.PUBLIC_KEY, pair.getPublic().getEncoded());
      assertThat(ClientKeys.read(pem) != null).as(each.toString()).isEqualTo(each.get(2));
      String secret = Pem.write(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded());
      assertThat(ClientKeys.read(secret)).as("a private key is none").isNull();
    }
    String nothing = Base64.getEncoder().encodeToString(new byte[90]);
    assertThat(
            ClientKeys.read(
                "-----BEGIN PUBLIC KEY-----\n" + nothing + "\n-----END PUBLIC KEY-----"))
        .isNull();
    assertThat(ClientKeys.read("ssh-ed25519 AAAA")).isNull();
  }
}
