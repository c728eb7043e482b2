package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.engine.client.EngineProperties;
import dev.caisson.engine.client.FakeHttp;
import dev.caisson.engine.image.AllowedRegistries;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The engine's part in the health of the service. */
class EngineHealthTest {
  private final FakeHttp http = new FakeHttp();

  @Test
  void anEngineThatAnswersIsUp() {
    http.on("GET /_ping", 200, "OK");

    assertThat(health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void anEngineThatDoesNotIsDownAndTheReasonIsSaid() {
    http.on("GET /_ping", 500, "");

    assertThat(health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health().getDetails()).containsKey("reason");
  }

  private Health health() {
    EngineProperties properties =
        new EngineProperties(
            null,
            "kit",
            "kit-docker",
            List.of(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            1,
            1,
            null);
    return new EngineHealth(
            new DockerEngine(
                properties,
                new AllowedRegistries(List.of("public"), "debian"),
                http.client(),
                new LoopDisks(Path.of("/nonexistent"), URI.create("tcp://127.0.0.1:1"))))
        .health();
  }
}
