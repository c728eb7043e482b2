package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonContainersTest {

  private static final String ONE = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);

  @TempDir Path root;

  @Test
  void everyRunningContainerIsStoppedByTheDockerApiInItsOwnTimeOrWhatIsLeft() throws Exception {
    DaemonLayout layout = new DaemonLayout(root);
    String listing =
        "[{\"Id\":\"%s\",\"ImageID\":\"sha256:%s\",\"Labels\":{\"x\":\"\\\"Id\\\":\\\"%s\\\"\"}},{\"Id\":\"%s\"}]"
            .formatted(ONE, "c".repeat(64), "d".repeat(64), OTHER);
    try (ProbeServer server =
        new ProbeServer(
            layout.dockerSocket(),
            line ->
                ProbeServer.ok(
                    line.contains("/containers/json")
                        ? listing
                        : line.contains(ONE)
                            ? "{\"Config\":{\"StopSignal\":\"USR1\",\"StopTimeout\":3}}"
                            : "{}"))) {
      new DaemonContainers(layout, Clock.systemUTC()).stop(Duration.ofSeconds(10));
      assertThat(server.requests)
          .containsExactly(
              "GET /containers/json HTTP/1.0",
              "GET /containers/" + ONE + "/json HTTP/1.0",
              "POST /containers/" + ONE + "/stop?t=3 HTTP/1.0",
              "GET /containers/" + OTHER + "/json HTTP/1.0",
              "POST /containers/" + OTHER + "/stop?t=9 HTTP/1.0");
    }
  }

  @Test
  void aDeadDaemonIsNoErrorHere() {
    new DaemonContainers(new DaemonLayout(root), Clock.systemUTC()).stop(Duration.ofSeconds(10));
    assertThat(root).isEmptyDirectory();
  }
}
