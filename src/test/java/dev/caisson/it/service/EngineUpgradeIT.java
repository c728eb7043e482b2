package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.RawHttp;
import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switch of protocols of an attach comes through as dockerd answers it. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineUpgradeIT {
  private Api api;
  private String sandbox;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.dockerSandbox(Machine.STATIC);
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  /** Clients tell by the type of the content whether outputs are apart in it. */
  @ParameterizedTest
  @CsvSource({
    "false, application/vnd.docker.multiplexed-stream",
    "true, application/vnd.docker.raw-stream"
  })
  void theTypeOfWhatFollowsIsSaid(boolean terminal, String type) throws IOException {
    String name = "attached-" + terminal;
    api.shellIn(
        sandbox,
        "docker create --name %s %s busybox echo said".formatted(name, terminal ? "-t" : ""));
    String token =
        api.post("/v1/sandboxes/" + sandbox + "/grants", Map.of("scope", "DOCKER", "ttl", "PT5M"))
            .expecting(201)
            .get("token")
            .asString();
    try (RawHttp http = new RawHttp(api.port())) {
      Thread starts =
          Thread.ofVirtual().start(() -> api.shellIn(sandbox, "sleep 1; docker start " + name));
      RawHttp.Answer answer =
          http.ask(
              "POST",
              "/v1/docker/" + token + "/containers/" + name + "/attach?stream=1&stdout=1",
              "Upgrade: tcp",
              "Connection: Upgrade",
              "Content-Length: 0");
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.head()).contains("\r\ncontent-type: " + type + "\r\n");
      assertThat(answer.body()).contains("said");
      starts.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
