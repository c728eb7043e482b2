package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The registry's script against what an engine's published port does while its container starts.
 */
class RegistryScriptTest {

  @Test
  void aPortThatAcceptsAndResetsDoesNotAnswerAndEndsNothing() throws Exception {
    assertThat(answers("", true)).isEqualTo(1);
  }

  @Test
  void aPortThatAnswersDoes() throws Exception {
    assertThat(answers("HTTP/1.1 200 OK\r\n\r\n", false)).isZero();
    assertThat(answers("HTTP/1.1 404 Not Found\r\n\r\n", false)).isEqualTo(1);
  }

  /** The script's exit code, asked often enough for either order of reset and request. */
  private static int answers(String answer, boolean reset) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(server, answer, reset));
      int code = -1;
      for (int i = 0; i < 20; i++) {
        ProcessBuilder script = new ProcessBuilder("./kit/registry.sh", "answers").inheritIO();
        script.environment().put("CAISSON_REGISTRY_PORT", Integer.toString(server.getLocalPort()));
        Process running = script.start();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(code).isIn(-1, running.exitValue());
        code = running.exitValue();
      }
      return code;
    }
  }

  private static void serve(ServerSocket server, String answer, boolean reset) {
    while (true) {
      try (Socket peer = server.accept()) {
        if (reset) {
          peer.setSoLinger(true, 0);
        } else {
          // To its end: a socket that is closed with something unread resets, too.
          BufferedReader request =
              new BufferedReader(
                  new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII));
          for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
            assertThat(line).isNotNull();
          }
          peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }
}
