package dev.caisson.engine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.sandbox.EngineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to the engine, with a faked engine and with a socket that stays mute. */
@Timeout(30)
class EngineClientTest {

  @ParameterizedTest
  @CsvSource({"1.41, 1.12, v1.41", "1.52, 1.44, v1.44", "1.60, 1.48, v1.48"})
  void speaksTheNewestVersionThatBothUnderstand(String newest, String oldest, String spoken) {
    FakeHttp http =
        new FakeHttp()
            .on(
                "GET /version",
                200,
                "{\"ApiVersion\":\"" + newest + "\",\"MinAPIVersion\":\"" + oldest + "\"}")
            .on("GET /info", 200, "{}");

    http.client().call(Operation.INFO, docker -> docker.infoCmd().exec());

    assertThat(http.requests)
        .extracting("path")
        .containsExactly("/version", "/" + spoken + "/info");
  }

  @Test
  void asksForTheVersionOnceUntilItIsForgotten() {
    FakeHttp http = new FakeHttp().on("GET /info", 200, "{}");
    EngineClient client = http.client();

    client.call(Operation.INFO, docker -> docker.infoCmd().exec());
    client.call(Operation.INFO, docker -> docker.infoCmd().exec());
    client.forget();
    client.call(Operation.INFO, docker -> docker.infoCmd().exec());

    assertThat(http.asked())
        .containsExactly("GET /version", "GET /info", "GET /info", "GET /version", "GET /info");
  }

  @Test
  void tellsARefusalByItsStatusAndTheEnginesWords() {
    FakeHttp http = new FakeHttp().on("GET /info", 500, "{\"message\":\"out of order\"}\n");

    assertThatThrownBy(() -> http.client().call(Operation.INFO, d -> d.infoCmd().exec()))
        .isInstanceOfSatisfying(
            EngineException.Refused.class, refused -> assertThat(refused.status).isEqualTo(500))
        .hasMessage("The engine refused to describe itself: out of order");
    assertThat(http.open).hasValue(0);
  }

  @Test
  void tellsABrokenConnectionWithoutWhatAnAddressMayHide() {
    FakeHttp http =
        new FakeHttp()
            .on(
                "GET /info",
                request -> {
                  throw new UncheckedIOException(new IOException("Connection refused"));
                });

    assertThatThrownBy(() -> http.client().call(Operation.INFO, d -> d.infoCmd().exec()))
        .isInstanceOf(EngineException.Unreachable.class)
        .hasMessageContaining("tcp://engine:2375")
        .hasMessageContaining("caisson.engine.host")
        .hasMessageNotContainingAny("secret", "token");
  }

  @Test
  void anAnswerThatIsNoJsonIsARefusal() {
    FakeHttp http = new FakeHttp().on("GET /info", 200, "<html>a proxy</html>");

    assertThatThrownBy(() -> http.client().call(Operation.INFO, d -> d.infoCmd().exec()))
        .isInstanceOf(EngineException.Refused.class);
  }

  @Test
  void ourOwnMistakesAreNotTheEngines() {
    assertThatThrownBy(() ->
            new FakeHttp()
                .client()
                .call(
                    Operation.INFO,
                    docker -> {
                      throw new IllegalStateException("mine");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine");
  }

  @Test
  void sendsNoRegistryPasswordWithACreate() {
    FakeHttp http = new FakeHttp().on("POST /containers/create", 201, "{\"Id\":\"c1\"}");

    http.client().call(Operation.CREATE, docker -> docker.createContainerCmd("debian").exec());

    assertThat(http.requests.getLast().headers()).doesNotContainKey("X-Registry-Auth");
  }

  @Test
  void aMuteEngineHoldsACallOnlyUntilItsDeadlineAndNoConnection(@TempDir Path directory)
      throws Exception {
    try (MuteSocket socket = new MuteSocket(directory.resolve("engine.sock"));
        EngineClient client = clientOf(socket, Duration.ofMillis(200))) {
      // More calls than the pool has connections: each must have given its own back.
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> client.call(Operation.INFO, d -> d.infoCmd().exec()))
            .isInstanceOf(EngineException.Unreachable.class)
            .hasMessageContaining("within PT0.2S");
      }
      assertThat(socket.awaitClosed(3)).isTrue();
      assertThat(client.pings(Duration.ofMillis(100))).isFalse();
    }
  }

  @Test
  void anInterruptEndsACall(@TempDir Path directory) throws Exception {
    try (MuteSocket socket = new MuteSocket(directory.resolve("engine.sock"));
        EngineClient client = clientOf(socket, Duration.ofMinutes(1))) {
      CountDownLatch ended = new CountDownLatch(1);
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.call(Operation.LIST, DockerClient::listContainersCmd).exec();
                } catch (EngineException.Unreachable e) {
                  if (Thread.currentThread().isInterrupted()) {
                    ended.countDown();
                  }
                }
              });
      assertThat(socket.awaitAccepted(1)).isTrue();

      caller.interrupt();

      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(socket.awaitClosed(1)).isTrue();
    }
  }

  @Test
  void anEngineThatIsNotThereIsUnreachable(@TempDir Path directory) throws Exception {
    try (EngineClient client = clientOf(directory.resolve("none.sock"), Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> client.call(Operation.INFO, d -> d.infoCmd().exec()))
          .isInstanceOf(EngineException.Unreachable.class)
          .hasMessageContaining("start the engine");
    }
  }

  private static EngineClient clientOf(MuteSocket socket, Duration deadline) {
    return clientOf(socket.path(), deadline);
  }

  private static EngineClient clientOf(Path socket, Duration deadline) {
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("unix://" + socket)
            .build();
    return new EngineClient(
        config, Transports.to(config, 1, 1), deadline, new SimpleMeterRegistry());
  }
}
