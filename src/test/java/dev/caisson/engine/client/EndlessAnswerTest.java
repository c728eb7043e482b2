package dev.caisson.engine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.sandbox.EngineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer's head without an end: the call ends long before memory or time is gone. */
@Timeout(60)
class EndlessAnswerTest {
  /** Far more than a head has, twice: an idempotent call is tried again. */
  private static final long ENOUGH = 4 << 20;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          many headers, 'HTTP/1.1 200 OK\r\n', 'X-More: and more\r\n'
          one long header, 'HTTP/1.1 200 OK\r\nX-Long: ', 'x'
          a folded header, 'HTTP/1.1 200 OK\r\nX-Long: x\r\n', ' and more\r\n'
          a long status line, 'HTTP/1.1 200 ', 'OK '
          empty lines, '', '\r\n'
          a long chunk size, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '0'
          many trailers, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', 'X-More: x\r\n'
          """)
  void endsTheCall(String kind, String beginning, String repeated, @TempDir Path directory)
      throws Exception {
    try (EndlessSocket socket = new EndlessSocket(path(directory), beginning, repeated);
        EngineClient client = client(directory, Duration.ofSeconds(20))) {
      long from = System.nanoTime();

      assertThatThrownBy(() -> client.call(Operation.INFO, docker -> docker.infoCmd().exec()))
          .as(kind)
          .isInstanceOf(EngineException.class)
          .hasMessageNotContaining("within PT20S");

      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
      assertThat(socket.sent()).isLessThan(ENOUGH);
    }
  }

  /** Each is forgotten as the next one comes: they take time and no memory. */
  @Test
  void endsACallThatIsOnlyEverToldToWait(@TempDir Path directory) throws Exception {
    String wait = "HTTP/1.1 102 Processing\r\n\r\n";
    try (EndlessSocket socket = new EndlessSocket(path(directory), "", wait);
        EngineClient client = client(directory, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> client.call(Operation.INFO, docker -> docker.infoCmd().exec()))
          .isInstanceOf(EngineException.Unreachable.class)
          .hasMessageContaining("within PT1S");

      assertThat(socket.sent()).isPositive();
    }
  }

  private static Path path(Path directory) {
    return directory.resolve("engine.sock");
  }

  private static EngineClient client(Path directory, Duration deadline) {
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix://" + path(directory))
            .build();
    return new EngineClient(
        config, Transports.to(config, 1, 1), deadline, new SimpleMeterRegistry());
  }
}
