package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What a sandbox may use and reach, tried by those who want more. */
@ExtendWith(SharedService.class)
class LimitsIT {

  @Test
  void aForkBombHitsThePidsLimitAndTheSandboxStillAnswers(Api api) {
    String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN, "resources", Map.of("pids", 200)));
    long pid = api.start(sandbox, "bash", "-c", ":(){ :|:& };:; sleep 1000");
    String processes = "/v1/sandboxes/" + sandbox + "/processes";
    Eventually.holds(
        () -> Machine.run("docker", "top", Machine.container(sandbox)).lines().count(),
        running -> running > 150);
    // Whether there is room for one more process is the bomb's to say; the supervisor answers.
    assertThat(api.get(processes + "/" + pid).expecting(200).get("state").asString())
        .isEqualTo("RUNNING");
    Api.Reply attempt = api.post(processes, Map.of("command", List.of("true")));
    assertThat(attempt.status()).isIn(200, 422);
    api.delete(processes + "/" + pid + "?grace=PT0S").expecting(200);
    JsonNode after =
        Eventually.holds(
                () -> api.post(processes, Map.of("command", List.of("true"))),
                reply -> reply.status() == 200)
            .json();
    assertThat(after.get("exit").get("code").asInt()).isZero();
    end(api, sandbox);
  }

  @Test
  void aProcessThatEatsAllMemoryIsKilledAndSaidToBeAndTheSupervisorIsNot(Api api) {
    String sandbox =
        api.sandbox(Map.of("image", Machine.DEBIAN, "resources", Map.of("memory", "256Mi")));
    long supervisor = Machine.hostPids(sandbox, "java").getFirst();
    JsonNode eater = api.shell(sandbox, "exec tail /dev/zero");
    assertThat(eater.get("exit").get("signal").asString()).isEqualTo("KILL");
    assertThat(eater.get("exit").get("cause").asString()).isEqualTo("OUT_OF_MEMORY");
    JsonNode killed = api.shell(sandbox, "kill -KILL $$");
    assertThat(killed.get("exit").get("cause").asString()).isEqualTo("SIGNALED");
    assertThat(Machine.hostPids(sandbox, "java")).containsExactly(supervisor);
    end(api, sandbox);
  }

  @Test
  void whatSandboxesShareIsNobodysToChange(Api api) {
    String sandbox =
        api.sandbox(Map.of("image", Machine.DEBIAN, "docker", Map.of("enabled", true)));
    for (String kit : List.of("/opt/caisson", "/opt/caisson/docker")) {
      JsonNode attempt =
          api.shell(
              sandbox,
              ("mount -o remount,rw,bind %1$s; mkdir -p /m; if mount --bind %1$s /m; then echo bound;"
                      + " mount -o remount,rw,bind /m; touch /m/x; fi; touch %1$s/x")
                  .formatted(kit));
      assertThat(attempt.get("exit").get("code").asInt()).as(kit).isNotZero();
      String refused = "touch: cannot touch '%s/x': Read-only file system";
      assertThat(Api.text(attempt, "stderr")).contains("permission denied", refused.formatted(kit));
      // A rootless sandbox may not even show it elsewhere.
      if (Api.text(attempt, "stdout").contains("bound")) {
        assertThat(Api.text(attempt, "stderr")).contains(refused.formatted("/m"));
      }
    }
    end(api, sandbox);
  }

  @Test
  void aSandboxWithoutNetworkWorksAndReachesNothing(Api api) {
    String sandbox =
        api.sandbox(Map.of("image", Machine.DEBIAN, "network", Map.of("mode", "none")));
    assertThat(Api.text(api.shell(sandbox, "ls /sys/class/net"), "stdout")).isEqualTo("lo\n");
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("network").asString())
        .isEqualTo("none");
    end(api, sandbox);
  }

  @Test
  void anImageWithNothingButOneStaticProgramIsEnough(Api api) {
    String sandbox = api.sandbox(Map.of("image", Machine.STATIC));
    assertThat(Api.text(api.exec(sandbox, "/bin/busybox", "echo", "hello"), "stdout"))
        .isEqualTo("hello\n");
    end(api, sandbox);
  }

  @Test
  void cpuMemoryAndPidsAreSetOnTheHostAndTheIsolationIsSaid(Api api) {
    String sandbox =
        api.sandbox(
            Map.of(
                "image",
                Machine.DEBIAN,
                "resources",
                Map.of("cpu", 0.5, "memory", "300Mi", "pids", 123)));
    String limits =
        Machine.run(
            "docker",
            "inspect",
            "-f",
            "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}"
                + " {{.HostConfig.Privileged}} {{.HostConfig.SecurityOpt}}",
            Machine.container(sandbox));
    assertThat(limits).startsWith("500000000 314572800 123 false").contains("no-new-privileges");
    String engine = Machine.run("docker", "info", "-f", "{{.SecurityOptions}}");
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("isolation").asString())
        .isEqualTo(engine.contains("name=userns") ? "userns" : "runc");
    end(api, sandbox);
  }

  @Test
  void secretsOfACreateAreNowhereOnTheEngine(Api api, ServiceProcess service) {
    String sandbox =
        api.sandbox(Map.of("image", Machine.DEBIAN, "env", Map.of("TOKEN", "s3cret-of-a-create")));
    api.post(
            "/v1/sandboxes/" + sandbox + "/processes",
            Map.of("command", List.of("true"), "env", Map.of("KEY", "s3cret-of-a-process")))
        .expecting(200);
    assertThat(Machine.run("docker", "inspect", Machine.container(sandbox)))
        .doesNotContain("s3cret-of");
    assertThat(Machine.run("docker", "logs", Machine.container(sandbox)))
        .doesNotContain("s3cret-of");
    assertThat(service.logText()).doesNotContain("s3cret-of");
    assertThat(api.get("/v1/sandboxes/" + sandbox).text()).doesNotContain("s3cret-of");
    end(api, sandbox);
  }

  @Test
  void anImageThatIsAbsentIsPulledFromARealRegistry(Api api) {
    Machine.attempt("docker", "rmi", "127.0.0.1:5000/library/busybox:latest");
    String sandbox = api.sandbox(Map.of("image", "127.0.0.1:5000/library/busybox:latest"));
    assertThat(Api.text(api.shell(sandbox, "echo pulled"), "stdout")).isEqualTo("pulled\n");
    end(api, sandbox);
    assertThat(api.get("/v1/sandboxes/" + sandbox + "/events?after=0").text())
        .contains(
            "event: image", "Downloaded newer image", "event: process", "\"state\":\"ENDED\"");
  }

  @Test
  void theEngineIsNotSentToKnockAtTheHostsPorts(Api api) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(1000);
      for (String host : List.of("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1")) {
        String registry = host + ":" + listener.getLocalPort();
        JsonNode refused =
            api.post("/v1/sandboxes", Map.of("image", registry + "/x:1")).expecting(403);
        assertThat(refused.get("code").asString()).isEqualTo("REGISTRY_NOT_ALLOWED");
        assertThat(refused.get("registry").asString()).isEqualTo(registry);
      }
      assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void anImageThatCannotBeHadSaysWhy(Api api) {
    assertThat(
            api.post("/v1/sandboxes", Map.of("image", "127.0.0.1:5000/library/no-such:1"))
                .expecting(422)
                .get("code")
                .asString())
        .isEqualTo("NO_SUCH_IMAGE");
    assertThat(
            api.post("/v1/sandboxes", Map.of("image", "registry.invalid/nobody/listens:1"))
                .expecting(422)
                .get("code")
                .asString())
        .isEqualTo("NO_SUCH_REGISTRY");
  }

  @Test
  void nothingOfASandboxIsLeftAfterItsEnd(Api api) {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String container = Machine.container(sandbox);
    List<Long> hosts = Machine.hostPids(sandbox, "dockerd");
    String volumes =
        Machine.run(
            "docker",
            "inspect",
            "-f",
            "{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}",
            container);
    api.exec(sandbox, "docker", "pull", "busybox");
    api.exec(sandbox, "docker", "run", "-d", "busybox", "sleep", "1000");
    api.start(sandbox, "/bin/busybox", "sleep", "1000");
    end(api, sandbox);
    assertThat(Machine.attempt("docker", "inspect", container).code()).isNotZero();
    assertThat(hosts).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    for (String volume : Machine.words(volumes)) {
      // What all sandboxes share stays.
      if (!volume.startsWith("caisson-kit") && !volume.equals("caisson-hidden-proc")) {
        assertThat(Machine.attempt("docker", "volume", "inspect", volume).code()).isNotZero();
      }
    }
  }

  private static void end(Api api, String sandbox) {
    JsonNode ended = api.delete("/v1/sandboxes/" + sandbox + "?grace=PT1S").expecting(200);
    assertThat(ended.get("state").asString()).isEqualTo("ENDED");
  }
}
