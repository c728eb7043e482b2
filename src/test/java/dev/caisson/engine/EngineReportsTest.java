package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.engine.client.ApiVersion;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.host.EngineReport;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of an engine by its own description, in the fields of real ones. */
class EngineReportsTest {
  @Test
  void limitsThatAnEngineCannotSetAreNamed() throws IOException {
    assertThat(
            report(
                    """
                    {"CgroupVersion":"2","MemoryLimit":false,"CpuCfsQuota":true,"PidsLimit":false}
                    """)
                .missingLimits())
        .containsExactly("memory", "pids");
    assertThat(
            report(
                    """
                    {"CgroupVersion":"2","MemoryLimit":true,"CpuCfsQuota":false,"PidsLimit":true}
                    """)
                .missingLimits())
        .containsExactly("cpu");
  }

  @Test
  void whatAnEngineSaysNothingOfIsNotMissing() throws IOException {
    assertThat(report("{}").missingLimits()).isEmpty();
  }

  @Test
  void podmanIsKnownByWhatDockerHasNot() throws IOException {
    assertThat(
            report("{\"ServerVersion\":\"5.8.6\",\"BuildahVersion\":\"1.43.2\",\"Rootless\":false}")
                .product())
        .isEqualTo("Podman");
    assertThat(report("{\"ServerVersion\":\"28.5.2\"}").product()).isEqualTo("Docker");
  }

  private static EngineReport report(String json) throws IOException {
    Info info = DockerClientConfig.getDefaultObjectMapper().readValue(json, Info.class);
    return EngineReports.of(
        info,
        EngineFacts.of(info, new ApiVersion(1, 44)),
        new EngineReport.Kit(true, true, "1", List.of()));
  }
}
