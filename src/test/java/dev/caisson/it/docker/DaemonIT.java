package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * A sandbox's Docker daemon, in an image that has no libc: killed, stopped, restarted, given up.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DaemonIT {
  private Api api;
  private String sandbox;
  private String docker;
  private String web = "";

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.dockerSandbox(Machine.STATIC);
    docker = "/v1/sandboxes/" + sandbox + "/docker";
    assertThat(api.exec(sandbox, "docker", "pull", "busybox").get("exit").get("code").asInt())
        .isZero();
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  @Order(1)
  void theDaemonIsAResourceThatSaysWhatItIs() {
    JsonNode daemon = api.get(docker).expecting(200);
    assertThat(daemon.get("version").asString()).matches("\\d+\\.\\d+.*");
    assertThat(daemon.get("readyAfterMs").asLong()).isPositive();
    assertThat(daemon.get("pid").asLong()).isPositive();
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("docker").get("state").asString())
        .isEqualTo("READY");
  }

  @Test
  @Order(2)
  void composeAndBuildxAreThere() {
    assertThat(Api.text(api.exec(sandbox, "docker", "compose", "version"), "stdout"))
        .contains("Compose");
    assertThat(Api.text(api.exec(sandbox, "docker", "buildx", "version"), "stdout"))
        .contains("buildx");
  }

  @Test
  @Order(3)
  void aContainerGoesOnServingWhileTheDaemonIsDead() {
    api.shellIn(
        sandbox,
        """
        set -e
        /bin/busybox mkdir /tmp/asked
        /bin/busybox mkfifo /tmp/asked/question /tmp/asked/answer
        docker run -d --name web busybox sh -c 'mkdir /w; echo served >/w/index.html; httpd -f -p 80 -h /w'
        docker run -d --name asks -v /tmp/asked:/asked busybox \
          sh -c 'while read address </asked/question; do wget -qO- -T 5 "$address" >/asked/answer; done'
        """);
    web =
        Api.text(
                api.exec(
                    sandbox, "docker", "inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web"),
                "stdout")
            .strip();
    String id = Api.text(api.exec(sandbox, "docker", "ps", "-q", "--no-trunc"), "stdout").strip();
    assertThat(fetch()).isEqualTo("served\n");

    long bystander = api.start(sandbox, "/bin/busybox", "sleep", "1000");
    kill9();
    assertThat(fetch()).as("while dockerd is dead or comes back").isEqualTo("served\n");
    JsonNode back = ready();
    assertThat(back.get("restarts").asInt()).isEqualTo(1);
    assertThat(back.get("lastExit").get("signal").asString()).isEqualTo("KILL");
    assertThat(Api.text(api.exec(sandbox, "docker", "ps", "-q", "--no-trunc"), "stdout").strip())
        .as("the same container, not a new one")
        .isEqualTo(id);
    assertThat(fetch()).isEqualTo("served\n");
    assertThat(
            api.get("/v1/sandboxes/" + sandbox + "/processes/" + bystander)
                .json()
                .get("state")
                .asString())
        .isEqualTo("RUNNING");
  }

  @Test
  @Order(4)
  void aPullThatRunsWhenTheDaemonIsKilledEndsWithItsOwnExitAndItsOutput() {
    long pid =
        api.start(
            sandbox,
            "/bin/busybox",
            "sh",
            "-c",
            "while docker pull hello && docker rmi hello; do :; done; docker pull hello");
    kill9();
    JsonNode ended = api.awaitExit(sandbox, pid);
    assertThat(ended.get("state").asString()).isEqualTo("EXITED");
    assertThat(ended.get("exit").get("cause").asString()).isEqualTo("EXITED");
    assertThat(api.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stderr").text())
        .isNotEmpty();
    ready();
  }

  @Test
  @Order(5)
  void itIsStoppedStartedAndRestartedAsWanted() {
    JsonNode stopped = api.post(docker + "/stop", Map.of()).expecting(200);
    JsonNode settled =
        stopped.get("state").asString().equals("STOPPED")
            ? stopped
            : Eventually.holds(
                () -> api.get(docker).json(), d -> d.get("state").asString().equals("STOPPED"));
    assertThat(settled.get("wanted").asBoolean()).isFalse();
    assertThat(Machine.hostPids(sandbox, "dockerd")).isEmpty();
    assertThat(fetch()).as("while there is no dockerd").isEqualTo("served\n");
    JsonNode refused = api.post(docker + "/pull", Map.of("image", "hello")).expecting(503);
    assertThat(refused.get("code").asString()).isEqualTo("DOCKER_NOT_READY");
    api.post(docker + "/start", Map.of()).expecting(200);
    long before = ready().get("pid").asLong();
    api.post(docker + "/restart", Map.of()).expecting(200);
    JsonNode again =
        Eventually.holds(
            () -> api.get(docker).json(),
            d -> d.get("state").asString().equals("READY") && d.get("pid").asLong() != before);
    assertThat(again.get("pid").asLong()).isNotEqualTo(before);
  }

  @Test
  @Order(6)
  void itsOwnOutputCanBeRead() {
    assertThat(api.get(docker + "/log").text()).contains("API listen on");
  }

  @Test
  @Order(7)
  void aDaemonThatDiesTenTimesInARowIsGivenUpWithTheReasonAndTheSandboxLivesOn() {
    api.shellIn(sandbox, "docker rm -f web asks");
    // As soon as it is there: a slow host takes longer until ten of them have been READY than the
    // minute in which their ends are counted.
    Set<Long> killed = new HashSet<>();
    for (int kills = 0; kills < 10; kills++) {
      List<Long> alive =
          Eventually.holds(
              () ->
                  Machine.hostPids(sandbox, "dockerd").stream()
                      .filter(pid -> !killed.contains(pid))
                      .toList(),
              pids ->
                  !pids.isEmpty()
                      || api.get(docker).json().get("state").asString().equals("FAILED"));
      alive.forEach(Machine::kill9);
      killed.addAll(alive);
    }
    JsonNode failed =
        Eventually.holds(
            () -> api.get(docker + "?waitFor=READY&timeout=PT30S").json(),
            d -> d.get("state").asString().equals("FAILED"));
    assertThat(failed.get("reason").asString()).isNotBlank();
    assertThat(failed.get("lastExit").get("signal").asString()).isEqualTo("KILL");
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("state").asString())
        .isEqualTo("READY");
    assertThat(
            api.exec(sandbox, "/bin/busybox", "echo", "alive").get("stdout").get("text").asString())
        .isEqualTo("alive\n");
    JsonNode health = api.get("/actuator/health").json();
    assertThat(health.get("status").asString())
        .as("a sandbox's broken daemon never takes the service out of rotation")
        .isEqualTo("UP");
    assertThat(api.get("/actuator/prometheus").text())
        .containsPattern("caisson_docker_daemons\\{[^}]*FAILED[^}]*\\} [1-9]");
    api.post(docker + "/start", Map.of()).expecting(200);
    ready();
  }

  @Test
  @Order(8)
  void theLimitsOfTheSandboxHoldForWhatRunsInsideItsContainers() {
    String limited =
        api.sandbox(
            Map.of(
                "image", Machine.STATIC,
                "resources", Map.of("memory", "512Mi", "pids", 400),
                "docker", Map.of("enabled", true)));
    api.get("/v1/sandboxes/" + limited + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    JsonNode bomb =
        api.exec(
            limited,
            "docker",
            "run",
            "--rm",
            "busybox",
            "sh",
            "-c",
            "head -c 1000000000 /dev/zero | tail");
    assertThat(bomb.get("exit").get("code").asInt()).as(bomb.toString()).isNotZero();
    assertThat(api.exec(limited, "/bin/busybox", "true").get("exit").get("code").asInt()).isZero();
    api.delete("/v1/sandboxes/" + limited + "?grace=PT0S").expecting(200);
  }

  /** Kills dockerd from outside, and returns when that has been seen. */
  private void kill9() {
    JsonNode alive = ready();
    Machine.kill9(Machine.hostPids(sandbox, "dockerd").getFirst());
    Eventually.holds(() -> api.get(docker).json(), d -> !d.get("pid").equals(alive.get("pid")));
  }

  private JsonNode ready() {
    JsonNode daemon = api.get(docker + "?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    return daemon;
  }

  /**
   * What the container serves, as a neighbour of it sees that: where the sandbox is rootless its
   * own processes reach no container's address, and a published port ends with dockerd.
   */
  private String fetch() {
    return Api.text(
        api.exec(
            sandbox,
            "/bin/busybox",
            "timeout",
            "20",
            "/bin/busybox",
            "sh",
            "-c",
            "echo http://" + web + " >/tmp/asked/question; /bin/busybox cat /tmp/asked/answer"),
        "stdout");
  }
}
