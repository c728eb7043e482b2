package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Inner containers go on serving whatever becomes of the daemons. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveRestoreIT {
  private static final int KILLS = 10;

  private Api api;
  private String sandbox;
  private String docker;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.dockerSandbox(Machine.STATIC);
    docker = "/v1/sandboxes/" + sandbox + "/docker";
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void aContainerServesThroughTenKillsOfDockerdAndOneOfContainerd() {
    JsonNode run =
        api.exec(
            sandbox,
            "docker",
            "run",
            "-d",
            "--name=web",
            "busybox",
            "sh",
            "-c",
            "mkdir /w; echo served >/w/index.html; httpd -f -p 80 -h /w");
    String id = Api.text(run, "stdout").strip();
    String address =
        Api.text(
                api.exec(
                    sandbox, "docker", "inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web"),
                "stdout")
            .strip();
    long client =
        api.start(
            sandbox,
            "/bin/busybox",
            "sh",
            "-c",
            "while [ ! -e /tmp/enough ]; do /bin/busybox wget -qO- -T 10 http://"
                + address
                + " || echo FAILED; /bin/busybox usleep 20000; done");
    Eventually.holds(() -> served(client), count -> count > 0);

    List<Long> dockerd = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      dockerd.add(killed("dockerd", i + 1));
      // Five crashes in a minute are too many for a daemon that nobody looks after; this one is.
      api.post(docker + "/start", Map.of()).expecting(200);
    }
    long containerd = killed("containerd", KILLS + 1);
    long before = served(client);
    Eventually.holds(() -> served(client), count -> count > before);
    api.shellIn(sandbox, "/bin/busybox touch /tmp/enough");
    JsonNode ended = api.awaitExit(sandbox, client);
    assertThat(Api.text(ended, "stdout")).doesNotContain("FAILED");
    assertThat(Api.text(ended, "stderr")).isEmpty();
    assertThat(Api.text(api.exec(sandbox, "docker", "ps", "-q", "--no-trunc"), "stdout").strip())
        .as("the same container, not a new one")
        .isEqualTo(id);
    dockerd.sort(null);
    System.out.printf(
        "live-restore: %d requests, none failed; READY after kill -9 of dockerd (ms): %s, median"
            + " %d, most %d; of containerd: %d%n",
        Api.text(ended, "stdout").lines().count(),
        dockerd,
        dockerd.get(KILLS / 2),
        dockerd.getLast(),
        containerd);
  }

  /** How long it took from the end of one of the two until the daemon answered again, in ms. */
  private long killed(String program, int restarts) {
    Machine.kill9(Machine.hostPids(sandbox, program).getFirst());
    JsonNode back =
        Eventually.holds(
            () -> api.get(docker).expecting(200),
            d ->
                d.get("restarts").asInt() == restarts && d.get("state").asString().equals("READY"));
    JsonNode run = back.get("history").get(0);
    assertThat(run.get("unit").asString()).isEqualTo(program);
    return run.get("backAfterMs").asLong();
  }

  private long served(long client) {
    return api.get("/v1/sandboxes/" + sandbox + "/processes/" + client + "/stdout")
        .text()
        .lines()
        .filter("served"::equals)
        .count();
  }
}
