package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Servers whose images run as they are ({@code start: image}), in sandboxes with Docker. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageServersIT {
  private static final String PREFIX = "caisson-test-server-";

  private final Api api;

  ImageServersIT(Api api) {
    this.api = api;
  }

  @AfterAll
  void removeImages() {
    for (String server : List.of("postgres", "mariadb", "redis", "nginx")) {
      Machine.attempt("docker", "rmi", PREFIX + server);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, psql -h /run/postgresql -Atc 'SELECT 40+2' postgres, 42",
    "mariadb, mariadb -u mysql -BNe 'SELECT 40+2', 42",
    "redis, redis-cli -s /run/redis/redis.sock ping, PONG",
    "nginx, bash -c 'exec 3<>/dev/tcp/127.0.0.1/80; echo GET / >&3; cat <&3', served"
  })
  void aServersImageRunsAsItIs(String server, String ask, String answer) {
    Machine.run(
        "docker",
        "build",
        "-q",
        "--target",
        server,
        "-t",
        PREFIX + server,
        "-f",
        "src/test/resources/servers.Dockerfile",
        "src/test/resources/images");
    String sandbox = api.dockerSandbox(Map.of("image", PREFIX + server, "start", "image"));
    Eventually.holds(() -> Api.text(api.shell(sandbox, ask), "stdout").strip(), answer::equals);
    // Its own daemon lives beside it.
    JsonNode ran = api.exec(sandbox, "docker", "run", "--rm", "busybox", "echo", "inner");
    assertThat(Api.text(ran, "stdout").strip()).as(ran.toString()).isEqualTo("inner");
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }
}
