package dev.caisson.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What a user does with it, row by row as the founding note lists it, in an ordinary image. */
@ExtendWith(SharedService.class)
class OriginTableIT {

  @Test
  void theTableHolds(Api api, ServiceProcess service) {
    String sandbox =
        api.sandbox(
            Map.of(
                "image", Machine.DEBIAN,
                "resources", Map.of("cpu", 1),
                "docker", Map.of("enabled", true)));
    String path = "/v1/sandboxes/" + sandbox;
    JsonNode daemon = api.get(path + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    assertThat(daemon.get("storageDriver").asString()).isEqualTo("overlay2");

    JsonNode pull =
        api.post(path + "/processes", Map.of("command", new String[] {"docker", "pull", "busybox"}))
            .expecting(200);
    assertThat(pull.get("exit").get("code").asInt()).as(pull.toString()).isZero();

    String stdout = path + "/processes/" + pull.get("pid").asLong() + "/stdout";
    String text = api.get(stdout).text();
    assertThat(text).contains("Pull complete").contains("Downloaded newer image for busybox");
    assertThat(api.get(stdout).text()).isEqualTo(text);
    assertThat(api.get(stdout.replace("stdout", "stderr")).text()).isEmpty();

    JsonNode second = api.exec(sandbox, "docker", "pull", "hello");
    assertThat(second.get("exit").get("code").asInt()).as(second.toString()).isZero();
    JsonNode run = api.exec(sandbox, "docker", "run", "--rm", "hello");
    assertThat(Api.text(run, "stdout")).isNotEmpty();
    assertThat(Api.text(run, "stderr")).isNotEmpty();
    assertThat(Api.text(api.exec(sandbox, "docker", "ps"), "stdout")).contains("CONTAINER ID");

    long bystander = api.start(sandbox, "sleep", "1000");
    Machine.kill9(Machine.hostPids(sandbox, "dockerd").getFirst());
    assertThat(api.get(stdout).text()).isEqualTo(text);
    assertThat(api.get(path + "/processes/" + bystander).json().get("state").asString())
        .isEqualTo("RUNNING");
    JsonNode back = api.get(path + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(back.get("state").asString()).as(back.toString()).isEqualTo("READY");

    JsonNode ended = api.delete(path + "?grace=PT2S").expecting(200);
    assertThat(ended.get("state").asString()).isEqualTo("ENDED");
    assertThat(ended.get("reason").asString()).isEqualTo("TERMINATED");
    assertThat(Machine.container(sandbox)).isEmpty();
    assertThat(api.get(stdout).text()).as("output outlives its sandbox").isEqualTo(text);

    String field = "  sandbox=" + sandbox;
    assertThat(service.logText())
        .containsPattern("INFO  docker daemon process started" + field + " pid=\\d+")
        .containsPattern(
            "INFO  docker daemon is ready and accepting commands" + field + " after_ms=\\d+")
        .containsPattern(
            "DEBUG sandbox process started" + field + " pid=\\d+ cmd=\\[docker pull busybox\\]")
        .containsPattern("DEBUG read stdout" + field + " pid=\\d+ stdout_len=" + text.length())
        .containsPattern("DEBUG read stderr" + field + " pid=\\d+ stderr_len=0")
        .containsPattern("DEBUG failed to execute socket check" + field + " error=.+");
  }

  @Test
  void pullAndRunAreOperationsOfTheirOwn(Api api) {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String docker = "/v1/sandboxes/" + sandbox + "/docker";
    JsonNode pull = api.post(docker + "/pull", Map.of("image", "hello")).expecting(200);
    assertThat(pull.get("exit").get("code").asInt()).as(pull.toString()).isZero();
    JsonNode run =
        api.post(
                docker + "/run",
                Map.of(
                    "image",
                    "busybox",
                    "command",
                    new String[] {"sh", "-c", "echo $GREETING; exit 7"},
                    "env",
                    Map.of("GREETING", "s3cret-greeting")))
            .expecting(200);
    assertThat(run.get("exit").get("code").asInt()).as(run.toString()).isEqualTo(7);
    assertThat(Api.text(run, "stdout")).isEqualTo("s3cret-greeting\n");
    assertThat(run.get("command").toString()).doesNotContain("s3cret");
    api.post(docker + "/run", Map.of("image", "--privileged")).expecting(400);
  }
}
