package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is said about this machine, and what is refused because of it. */
@ExtendWith(SharedService.class)
class HostIT {

  @Test
  void theHostIsExaminedAndEveryChoiceHasItsReason(Api api, ServiceProcess service) {
    JsonNode host = api.get("/v1/host").expecting(200);
    assertThat(host.get("engine").get("kit").get("docker").asBoolean()).isTrue();
    for (String check :
        new String[] {"preparation", "toolkit", "overlay", "nftables", "wall", "rootless"}) {
      assertThat(host.get("findings").get(check).get("ok").asBoolean())
          .as("%s: %s", check, host)
          .isTrue();
    }
    String security = Machine.run("docker", "info", "-f", "{{.SecurityOptions}}");
    boolean userns = security.contains("name=userns");
    assertThat(host.get("dockerIsolation").get("value").asString())
        .isEqualTo(userns ? "userns" : "rootless");
    assertThat(host.get("storageDriver").get("value").asString()).isEqualTo("overlay2");
    assertThat(host.get("network").get("value").asString()).isEqualTo("isolated");
    for (String choice :
        new String[] {"isolation", "dockerIsolation", "storageDriver", "network"}) {
      assertThat(host.get(choice).get("reason").asString()).isNotBlank();
    }
    assertThat(host.get("modes"))
        .allSatisfy(mode -> assertThat(mode.get("reason").asString()).isNotBlank());
    assertThat(service.logText()).containsOnlyOnce("host is examined");
    assertThat(
            Machine.run(
                "docker",
                "ps",
                "-aq",
                "--filter",
                "label=dev.caisson.examines=" + service.instance()))
        .isEmpty();
  }

  @Test
  void whatCannotWorkIsRefusedAtOnceWithTheReasonAndTheRemedy(Api api) {
    JsonNode memory =
        api.post("/v1/sandboxes", Map.of("resources", Map.of("memory", "999Gi"))).expecting(422);
    assertThat(memory.get("code").asString()).isEqualTo("TOO_MUCH_MEMORY");
    assertThat(memory.get("reason").asString()).contains("exceeds the host's");
    assertThat(memory.get("remedy").asString()).contains("at most");
    JsonNode unknown =
        api.post("/v1/sandboxes", Map.of("isolation", "runtime:nobody-has-this")).expecting(422);
    assertThat(unknown.get("code").asString()).isEqualTo("ISOLATION_UNAVAILABLE");
    assertThat(unknown.get("remedy").asString()).contains("register");
    JsonNode forbidden =
        api.post("/v1/sandboxes", Map.of("isolation", "capabilities")).expecting(422);
    assertThat(forbidden.get("code").asString()).isEqualTo("ISOLATION_NOT_ALLOWED");
    assertThat(api.post("/v1/sandboxes", Map.of("isolation", "magic")).status()).isEqualTo(400);
  }

  @Test
  void aRuntimeIsHadByItsNameAndWithoutDockerWhereItCannotCarryIt(Api api) {
    String runtime = "runtime:io.containerd.runc.v2";
    String sandbox = api.sandbox(Map.of("image", Machine.STATIC, "isolation", runtime));
    assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("isolation").asString())
        .isEqualTo(runtime);
    assertThat(
            Machine.run(
                "docker", "inspect", "-f", "{{.HostConfig.Runtime}}", Machine.container(sandbox)))
        .isEqualTo("io.containerd.runc.v2");
    api.shellIn(sandbox, "true");
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
    JsonNode docker =
        api.post("/v1/sandboxes", Map.of("isolation", runtime, "docker", Map.of("enabled", true)))
            .expecting(422);
    assertThat(docker.get("code").asString()).isEqualTo("DOCKER_UNAVAILABLE");
    String delegating = "runtime:caisson";
    boolean known =
        StreamSupport.stream(api.get("/v1/host").json().get("modes").spliterator(), false)
            .anyMatch(mode -> mode.get("name").asString().equals(delegating));
    if (known) {
      String with = api.dockerSandbox(Map.of("image", Machine.STATIC, "isolation", delegating));
      assertThat(
              Machine.run(
                  "docker", "inspect", "-f", "{{.HostConfig.Runtime}}", Machine.container(with)))
          .isEqualTo("caisson");
      api.delete("/v1/sandboxes/" + with + "?grace=PT0S").expecting(200);
    }
  }

  @Test
  void withoutAKitACreateSaysWhatIsMissing(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_ENGINE_KITIMAGE", "caisson/no-such-kit"))) {
      JsonNode refused = service.api().post("/v1/sandboxes", Map.of()).expecting(422);
      assertThat(refused.get("code").asString()).isEqualTo("KIT_MISSING");
      assertThat(refused.get("remedy").asString()).contains("kit/build.sh");
    }
  }
}
