package dev.caisson.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The mode for engines without user namespaces, chosen by the operator: it works, and is said. */
class CapabilitiesIT {

  @Test
  void aDockerDaemonRunsWithNamedCapabilitiesAndNeverPrivileged(@TempDir Path home) {
    try (ServiceProcess service =
        ServiceProcess.start(home, Map.of("CAISSON_SANDBOX_ISOLATION", "capabilities"))) {
      Api api = service.api();
      String sandbox = api.dockerSandbox(Machine.STATIC);
      assertThat(api.get("/v1/sandboxes/" + sandbox).json().get("isolation").asString())
          .isEqualTo("capabilities");
      assertThat(
              Machine.run(
                  "docker",
                  "inspect",
                  "-f",
                  "{{.HostConfig.Privileged}} {{.HostConfig.CapAdd}} {{.HostConfig.CgroupnsMode}}",
                  Machine.container(sandbox)))
          .startsWith("false")
          .contains("SYS_ADMIN", "NET_ADMIN", "private");
      JsonNode run = api.exec(sandbox, "docker", "run", "--rm", "-m", "64m", "hello");
      assertThat(run.get("exit").get("code").asInt()).as(run.toString()).isZero();
    }
  }
}
