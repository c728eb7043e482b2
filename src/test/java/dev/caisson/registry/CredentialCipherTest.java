package dev.caisson.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed opens here, as what it is, and nowhere else. */
class CredentialCipherTest {
  private static final RegistryName GHCR = new RegistryName("ghcr.io");
  private static final RegistryCredential CREDENTIAL =
      RegistryCredential.checked("ci", "p\u00e4ss word");

  @TempDir Path home;

  @Test
  void whatIsSealedOpensAndNeverReadsTheSameTwice() throws Exception {
    CredentialCipher seal = seal();
    String once = seal.seal(GHCR, CREDENTIAL);
    String again = seal.seal(GHCR, CREDENTIAL);

    assertThat(seal.open(GHCR, once)).isEqualTo(CREDENTIAL);
    assertThat(again).isNotEqualTo(once);
    assertThat(once).matches("1\\.[0-9a-f]{8}\\.[A-Za-z0-9+/=]+");
    assertThat(CREDENTIAL).asString().doesNotContain("word");
  }

  @Test
  void aServiceThatStartsAgainOpensIt() throws Exception {
    String sealed = seal().seal(GHCR, CREDENTIAL);

    assertThat(seal().open(GHCR, sealed)).isEqualTo(CREDENTIAL);
    assertThat(permissions()).isEqualTo("rw-------");
  }

  @Test
  void itDoesNotOpenForAnotherRegistryNorChangedNorUnderAnotherKey() throws Exception {
    CredentialCipher seal = seal();
    String sealed = seal.seal(GHCR, CREDENTIAL);
    char last = sealed.charAt(sealed.length() - 5);
    String changed =
        sealed.substring(0, sealed.length() - 5)
            + (last == 'A' ? 'B' : 'A')
            + sealed.substring(sealed.length() - 4);

    broken(seal, new RegistryName("evil.example"), sealed);
    broken(seal, GHCR, changed);
    broken(seal, GHCR, "1.00000000." + sealed.substring(11));
    broken(seal, GHCR, "1.x");
    Files.delete(home.resolve("registries.key"));
    broken(seal(), GHCR, sealed);
  }

  @Test
  void aNewFirstKeySealsAndTheOldOneStillOpens() throws Exception {
    String old = seal().seal(GHCR, CREDENTIAL);
    Path file = home.resolve("registries.key");
    Files.writeString(file, "ab".repeat(32) + "\n" + Files.readString(file));
    CredentialCipher rotated = seal();

    assertThat(rotated.open(GHCR, old)).isEqualTo(CREDENTIAL);
    assertThat(rotated.isOld(old)).isTrue();
    assertThat(rotated.isOld(rotated.seal(GHCR, CREDENTIAL))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abcd", "not a key"})
  void aKeyFileThatHoldsNoneIsSaidWithoutQuotingIt(String content) throws IOException {
    Files.writeString(home.resolve("registries.key"), content);

    assertThatThrownBy(this::seal)
        .isInstanceOf(IllegalStateException.class)
        .hasNoCause()
        .hasMessageContaining("registries.key")
        .hasMessageNotContaining("abcd")
        .hasMessageNotContaining("not a key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ghcr.io", "172.17.0.1:5000", "[::1]:5000", "localhost", "a.b-c.example:443"})
  void registriesAreNamedByTheirHost(String name) {
    assertThat(RegistryName.parse(name)).hasToString(name);
  }

  @Test
  void dockersOwnRegistryHasOneName() {
    assertThat(RegistryName.parse("index.docker.io")).hasToString("docker.io");
    assertThat(RegistryName.parse("GHCR.io")).hasToString("ghcr.io");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "a b", "https://ghcr.io", "ghcr.io/team", "a:b:c", "a:123456"})
  void whatCannotBeARegistryIsRefused(String name) {
    assertThatThrownBy(() -> RegistryName.parse(name))
        .isInstanceOf(RegistryException.Invalid.class);
  }

  @Test
  void whatIsNotUsableAsACredentialIsRefusedByItsFieldAndNeverRepeated() {
    assertThatThrownBy(() -> RegistryCredential.checked("", "s3cret"))
        .isInstanceOfSatisfying(
            RegistryException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("username"));
    assertThatThrownBy(() -> RegistryCredential.checked("me", "s3cret\0"))
        .isInstanceOf(RegistryException.Invalid.class)
        .hasMessageNotContaining("s3cret");
  }

  private static void broken(CredentialCipher seal, RegistryName registry, String sealed) {
    assertThatThrownBy(() -> seal.open(registry, sealed))
        .isInstanceOf(CredentialCipher.BrokenException.class)
        .hasMessageNotContaining("word");
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(home.resolve("registries.key")));
  }

  private CredentialCipher seal() {
    return new CredentialCipher(new CredentialKeys(home.resolve("registries.key")));
  }
}
