package dev.caisson.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.engine.client.ApiVersion;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from the engine's description of itself; the answers are real ones, shortened. */
class EngineFactsTest {
  private static final ApiVersion VERSION = new ApiVersion(1, 41);

  @Test
  void anEngineWithUserNamespacesNamesTheRootOfSandboxesInItsDirectory() throws IOException {
    EngineFacts facts =
        facts(
            """
            {"CgroupVersion":"1","NCPU":2,"MemTotal":25276510208,
             "DockerRootDir":"/var/lib/docker/100000.100000","ServerVersion":"20.10.24+dfsg1",
             "Runtimes":{"caisson":{"path":"/usr/local/lib/caisson/runc-delegate.sh"},
               "io.containerd.runc.v2":{"path":"runc"},"runc":{"path":"runc"}},
             "SecurityOptions":["name=seccomp,profile=default","name=userns"]}
            """);

    assertThat(facts.host().version()).isEqualTo("20.10.24+dfsg1");
    assertThat(facts.host().apiVersion()).isEqualTo("1.41");
    assertThat(facts.host().userns()).isTrue();
    assertThat(facts.host().root()).isEqualTo(100000);
    assertThat(facts.host().delegates()).isTrue();
    assertThat(facts.host().cgroup()).isEqualTo(1);
    assertThat(facts.host().cpus()).isEqualTo(2);
    assertThat(facts.host().memory()).isEqualTo(25276510208L);
    assertThat(facts.apparmor()).isFalse();
  }

  @Test
  void anEngineAsItIsInstalledHasTheHostsRootAndAppArmor() throws IOException {
    EngineFacts facts =
        facts(
            """
            {"CgroupVersion":"2","NCPU":8,"MemTotal":33554432000,
             "DockerRootDir":"/var/lib/docker","ServerVersion":"28.3.3",
             "Runtimes":{"runc":{"path":"runc"}},
             "SecurityOptions":["name=apparmor","name=seccomp,profile=builtin","name=cgroupns"]}
            """);

    assertThat(facts.host().userns()).isFalse();
    assertThat(facts.host().root()).isZero();
    assertThat(facts.host().delegates()).isFalse();
    assertThat(facts.host().cgroup()).isEqualTo(2);
    assertThat(facts.apparmor()).isTrue();
    assertThat(facts.seccomp()).isTrue();
  }

  @Test
  void anEngineWithoutRootGivesNothingThatNeedsACapability() throws IOException {
    EngineFacts facts =
        facts(
            """
            {"CgroupVersion":"2","DockerRootDir":"/home/u/.local/share/docker",
             "SecurityOptions":["name=seccomp,profile=builtin","name=rootless","name=cgroupns"]}
            """);

    assertThat(facts.with(1_048_576, List.of()).resource()).isFalse();
  }

  private static EngineFacts facts(String json) throws IOException {
    return EngineFacts.of(
        DockerClientConfig.getDefaultObjectMapper().readValue(json, Info.class), VERSION);
  }
}
