package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First starts that go wrong: on a full file system, and with keys that are none. */
class FirstStartIT {
  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void mount() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    Machine.run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", home.toString());
  }

  @AfterEach
  void unmount() {
    Machine.run("umount", home.toString());
  }

  @Test
  void aFullDiskLeavesNoKeyThatOpensEverything() throws Exception {
    Path filling = home.resolve("filling");
    try (OutputStream out = Files.newOutputStream(filling)) {
      out.write(new byte[64 << 20]);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    Path log = directory.resolve("service.log");
    // Where the log has room: what is said of the failure is looked at.
    assertThatThrownBy(() -> start(log)).isInstanceOf(IllegalStateException.class);
    assertThat(Files.readString(log))
        .contains("admin.key cannot be read or created")
        .contains("Free space on its file system")
        .doesNotContain("\tat dev.caisson");
    assertThat(home.resolve("admin.key")).doesNotExist();

    Files.delete(filling);
    try (ServiceProcess service = ServiceProcess.start(home)) {
      assertThat(service.key()).hasSizeGreaterThan(40);
      for (String offer : List.of("caisson.key.", "caisson.key. ", "caisson.key.x")) {
        assertThat(withProtocol(service, offer)).as(offer).isEqualTo(401);
      }
    }
  }

  private void start(Path log) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@target/service/java.args",
            "-jar",
            "target/service/caisson.jar");
    builder.environment().putAll(Map.of("CAISSON_HOME", home.toString(), "SERVER_PORT", "0"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the service ended");
    }
  }

  /** The status of a list that is asked for with this WebSocket protocol in place of a key. */
  private static int withProtocol(ServiceProcess service, String protocol) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /v1/sandboxes HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                      + "Sec-WebSocket-Protocol: "
                      + protocol
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return Integer.parseInt(line.split(" ", -1)[1]);
    }
  }
}
