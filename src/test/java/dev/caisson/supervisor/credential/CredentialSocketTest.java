package dev.caisson.supervisor.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The credential helper's socket, asked as the helper asks it. */
class CredentialSocketTest {
  private static final String NOTHING = "1credentials not found in native keychain\n";

  @TempDir Path directory;
  private final CredentialStore credentials = new CredentialStore();
  private CredentialSocket socket;

  @BeforeEach
  void open() throws IOException {
    socket = CredentialSocket.open(credentials, path());
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  @Test
  void onlyItsOwnerMayOpenIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsStoredIsGotUntilItIsErased() throws IOException {
    assertThat(ask("get\nghcr.io\n")).isEqualTo(NOTHING);
    assertThat(
            ask(
                "store\n{\"ServerURL\":\"ghcr.io\",\"Username\":\"me\",\"Secret\":\"a\\\"b\\u00e4\"}"))
        .isEqualTo("0");
    assertThat(ask("get\nhttps://ghcr.io/v2/"))
        .isEqualTo(
            "0{\"ServerURL\":\"https://ghcr.io/v2/\",\"Username\":\"me\",\"Secret\":\"a\\\"b\u00e4\"}\n");
    assertThat(ask("list\n")).isEqualTo("0{\"ghcr.io\":\"me\"}\n");
    assertThat(ask("erase\nghcr.io")).isEqualTo("0");
    assertThat(ask("erase\nghcr.io")).isEqualTo("0");
    assertThat(ask("get\nghcr.io")).isEqualTo(NOTHING);
  }

  @Test
  void whatWasGivenInTheSandboxGoesBeforeWhatTheServiceGave() throws IOException {
    credentials.give(
        List.of(
            new Request.Credential("docker.io", "key", "1"),
            new Request.Credential("ghcr.io", "key", "2")));
    assertThat(ask("get\nhttps://index.docker.io/v1/")).contains("\"Username\":\"key\"");
    ask(
        "store\n{\"ServerURL\":\"https://index.docker.io/v1/\",\"Username\":\"me\",\"Secret\":\"3\"}");
    assertThat(ask("get\nregistry-1.docker.io")).contains("\"Username\":\"me\"");
    ask("erase\nhttps://index.docker.io/v1/");
    assertThat(ask("get\nhttps://index.docker.io/v1/")).contains("\"Username\":\"key\"");

    credentials.give(List.of());
    assertThat(ask("get\nghcr.io")).isEqualTo(NOTHING);
  }

  @Test
  void aTokenBesideAPasswordIsNotThePassword() throws IOException {
    ask(
        "store\n{\"ServerURL\":\"https://index.docker.io/v1/\",\"Username\":\"a\",\"Secret\":\"1\"}");
    assertThat(ask("get\nhttps://index.docker.io/v1/refresh-token")).isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "store\n",
        "store\n{}",
        "store\n{\"ServerURL\":1}",
        "store\n{\"ServerURL\":\"a\"} more",
        "nonsense\nx",
        ""
      })
  void whatCannotBeUnderstoodIsRefused(String request) throws IOException {
    assertThat(ask(request)).startsWith("1");
    assertThat(credentials.users()).isEmpty();
  }

  @Test
  void objectsOfTextsAreReadAndWritten() {
    Map<String, String> fields = Map.of("a", "\"\\\n\u0001\u00fc");
    assertThat(FlatJson.parse(FlatJson.write(fields))).isEqualTo(fields);
    assertThat(FlatJson.parse(" { \"a\" : \"\\/\\t\" } ")).containsEntry("a", "/\t");
    for (String bad :
        List.of("", "{", "[]", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"s3cret\"")) {
      assertThatThrownBy(() -> FlatJson.parse(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("s3cret");
    }
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path()));
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.shutdownOutput();
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path path() {
    return directory.resolve("credentials.sock");
  }
}
