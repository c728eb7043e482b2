package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of a daemon that is mute, crashes or cannot run, and what is said of it later. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DaemonHistoryIT {
  private static final String BROKEN_KIT = "caisson-it/kit-without-dockerd";

  private Path home;
  private ServiceProcess service;
  private Api api;

  @BeforeAll
  void start(@TempDir Path directory) {
    home = directory;
    service = ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_DOCKER_MUTEPATIENCE", "PT3S"));
    api = service.api();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void aDaemonThatIsStoppedIsMuteAndIsStartedAgainWhileItsContainersLive() {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String container = container(sandbox);
    Machine.run("kill", "-STOP", Machine.hostPids(sandbox, "dockerd").getFirst().toString());
    JsonNode mute = until(sandbox, d -> d.get("state").asString().equals("MUTE"));
    assertThat(mute.get("reason").asString()).contains("is alive but did not answer");
    JsonNode back = until(sandbox, d -> d.get("restarts").asInt() == 1 && isReady(d));
    JsonNode run = back.get("history").get(0);
    assertThat(run.get("unit").asString()).isEqualTo("dockerd");
    assertThat(run.get("cause").asString()).isEqualTo("MUTE");
    assertThat(run.get("pid").asLong()).isEqualTo(mute.get("pid").asLong());
    assertThat(run.get("reason").asString()).contains("it was stopped by a signal");
    assertThat(run.get("backAfterMs").asLong()).isPositive();
    assertThat(container(sandbox)).as("the same container").isEqualTo(container);
    end(sandbox);
    assertThat(daemonEvents(sandbox))
        .containsSubsequence("READY", "MUTE", "BACKING_OFF MUTE", "STARTING", "READY MUTE");
  }

  @Test
  void aDaemonThatRunsAndCannotBeReachedLeavesItsStacks() {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String container = container(sandbox);
    // It listens on, and nobody finds it any more.
    api.shellIn(sandbox, "/bin/busybox rm /run/docker.sock");
    JsonNode back = until(sandbox, d -> d.get("restarts").asInt() == 1 && isReady(d));
    JsonNode run = back.get("history").get(0);
    assertThat(run.get("cause").asString()).isEqualTo("MUTE");
    assertThat(run.get("dump").asString()).startsWith("/run/docker/goroutine-stacks-");
    assertThat(run.get("dumpHead").asString()).contains("goroutine ");
    assertThat(run.get("logTail").asString()).isNotBlank();
    String stacks =
        api.get("/v1/sandboxes/" + sandbox + "/files/content?path=" + run.get("dump").asString())
            .text();
    assertThat(stacks).contains("goroutine ", "net/http");
    assertThat(container(sandbox)).as("the same container").isEqualTo(container);
    end(sandbox);
  }

  @Test
  void everyEndOfARunIsToldWithItsCause() {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String docker = "/v1/sandboxes/" + sandbox + "/docker";
    kill(sandbox, "dockerd");
    until(sandbox, d -> runs(d).equals(List.of("dockerd CRASHED")) && isReady(d));
    kill(sandbox, "containerd");
    JsonNode crashed =
        until(
            sandbox,
            d -> runs(d).equals(List.of("containerd CRASHED", "dockerd CRASHED")) && isReady(d));
    for (JsonNode run : crashed.get("history")) {
      assertThat(run.get("signal").asString()).isEqualTo("KILL");
      assertThat(run.get("code").asInt()).isEqualTo(137);
      assertThat(run.get("backAfterMs").asLong()).isPositive();
      assertThat(run.get("at").asString()).isGreaterThan(run.get("startedAt").asString());
    }
    // containerd says nothing where all is well.
    assertThat(crashed.get("history").get(1).get("logTail").asString()).contains("API listen on");
    api.post(docker + "/restart", Map.of()).expecting(200);
    until(sandbox, d -> runs(d).size() == 3 && isReady(d));
    api.post(docker + "/stop", Map.of()).expecting(200);
    JsonNode stopped = until(sandbox, d -> runs(d).size() == 5);
    assertThat(stopped.get("state").asString()).isEqualTo("STOPPED");
    assertThat(runs(stopped))
        .containsExactly(
            "containerd STOPPED",
            "dockerd STOPPED",
            "dockerd RESTARTED",
            "containerd CRASHED",
            "dockerd CRASHED");
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("docker").get("history").isNull())
        .as("a list of sandboxes is not made of log lines")
        .isTrue();
    end(sandbox);
    assertThat(runs(api.get(docker).expecting(200))).as("after the end").hasSize(5);
    assertThat(daemonEvents(sandbox))
        .containsSubsequence(
            "READY", "BACKING_OFF CRASHED", "READY CRASHED", "BACKING_OFF CRASHED", "STOPPED");
  }

  @Test
  void aSandboxThatCannotRunADaemonIsRefusedWithTheReason(@TempDir Path other) {
    Machine.run("docker", "tag", Machine.STATIC, BROKEN_KIT);
    try (ServiceProcess broken =
        ServiceProcess.start(other, Map.of("CAISSON_ENGINE_KITDOCKERIMAGE", BROKEN_KIT))) {
      // Where no sandbox could, none is made.
      JsonNode refused =
          broken
              .api()
              .post(
                  "/v1/sandboxes",
                  Map.of("image", Machine.STATIC, "docker", Map.of("enabled", true)))
              .expecting(422);
      assertThat(refused.get("code").asString()).isEqualTo("DOCKER_UNAVAILABLE");
      assertThat(refused.get("reason").asString()).contains("what the kit brings");
      assertThat(refused.get("remedy").asString()).contains("kit/build.sh");
    } finally {
      removeBrokenKit();
    }
  }

  @Test
  void aSandboxThatCanNoLongerRunADaemonSaysWhyAndLives() {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String docker = "/v1/sandboxes/" + sandbox + "/docker";
    api.post(docker + "/stop", Map.of()).expecting(200);
    until(sandbox, daemon -> daemon.get("state").asString().equals("STOPPED"));
    // It is shown as stopped from the moment on at which it is asked to end.
    Eventually.holds(
        () -> api.exec(sandbox, "/bin/busybox", "pidof", "dockerd", "containerd"),
        found -> found.get("exit").get("code").asInt() == 1);
    // By its own root, who hides the programs.
    JsonNode hidden =
        api.exec(sandbox, "/bin/busybox", "mount", "-t", "tmpfs", "none", "/opt/caisson/docker");
    assertThat(hidden.get("exit").get("code").asInt()).as(hidden.toString()).isZero();
    api.post(docker + "/start", Map.of()).expecting(200);
    JsonNode daemon = until(sandbox, d -> d.get("state").asString().equals("UNSUPPORTED"));
    assertThat(daemon.get("reason").asString()).contains("the kit's Docker part");
    JsonNode refused = api.post(docker + "/pull", Map.of("image", "hello")).expecting(503);
    assertThat(refused.get("code").asString()).isEqualTo("DOCKER_NOT_READY");
    assertThat(api.post(docker + "/start", Map.of()).expecting(200).get("state").asString())
        .isEqualTo("UNSUPPORTED");
    assertThat(Api.text(api.exec(sandbox, "/bin/busybox", "echo", "alive"), "stdout"))
        .isEqualTo("alive\n");
    end(sandbox);
  }

  private static void removeBrokenKit() {
    String id = Machine.run("docker", "inspect", "-f", "{{.Id}}", BROKEN_KIT);
    String volume = "caisson-kit-docker-" + id.substring("sha256:".length()).substring(0, 12);
    Machine.attempt("docker", "rm", "-f", volume);
    Machine.attempt("docker", "volume", "rm", volume + "-ro", volume);
    Machine.run("docker", "rmi", BROKEN_KIT);
  }

  /** The id of the one container in the sandbox, made where there is none yet. */
  private String container(String sandbox) {
    String id = Api.text(api.exec(sandbox, "docker", "ps", "-q", "--no-trunc"), "stdout").strip();
    if (!id.isEmpty()) {
      return id;
    }
    JsonNode made = api.exec(sandbox, "docker", "run", "-d", "busybox", "sleep", "100000");
    assertThat(made.get("exit").get("code").asInt()).as(made.toString()).isZero();
    return Api.text(made, "stdout").strip();
  }

  private JsonNode until(String sandbox, Predicate<JsonNode> wanted) {
    return Eventually.holds(
        () -> api.get("/v1/sandboxes/" + sandbox + "/docker").expecting(200), wanted);
  }

  private static void kill(String sandbox, String program) {
    Machine.kill9(Machine.hostPids(sandbox, program).getFirst());
  }

  private void end(String sandbox) {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  private static boolean isReady(JsonNode daemon) {
    return daemon.get("state").asString().equals("READY");
  }

  private static List<String> runs(JsonNode daemon) {
    List<String> runs = new ArrayList<>();
    daemon
        .get("history")
        .forEach(run -> runs.add(run.get("unit").asString() + " " + run.get("cause").asString()));
    return runs;
  }

  /** The states that were told of the daemon, with what ended before; the sandbox is over. */
  private List<String> daemonEvents(String sandbox) {
    return api.get("/v1/sandboxes/" + sandbox + "/events?after=0&type=docker")
        .text()
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> Api.JSON.readTree(line.substring("data:".length())).get("data"))
        .map(data ->
            data.get("state").asString()
                + (data.has("run") ? " " + data.get("run").get("cause").asString() : ""))
        .toList();
  }
}
