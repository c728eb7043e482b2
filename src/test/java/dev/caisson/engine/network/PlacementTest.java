package dev.caisson.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxSpec;
import org.junit.jupiter.api.Test;

/** Where sandboxes are put. */
class PlacementTest {
  private static final Isolation NAMED = Isolation.of("runtime:runsc");

  @Test
  void whoJoinsAnotherContainersNetworkHasItsHostName() {
    CreateContainerCmd command =
        new Placement.Place("container:caisson-sb-abcdefgh-network", null, "nameserver 192.0.2.1")
            .put(command());

    assertThat(command.getHostName()).isEmpty();
    assertThat(command.getEnv()).containsExactly("CAISSON_RESOLVER=nameserver 192.0.2.1");
    assertThat(mode(command)).isEqualTo("container:caisson-sb-abcdefgh-network");
  }

  @Test
  void onANetworkOfItsOwnTheHostNameIsItsOwn() {
    CreateContainerCmd command = new Placement.Place("caisson-abcdef-1", null, "").put(command());

    assertThat(command.getHostName()).isEqualTo("sb-abcdefgh");
    assertThat(mode(command)).isEqualTo("caisson-abcdef-1");
  }

  @Test
  void whoIsInTheUserNamespaceOfTheEnginesContainersCanJoin() {
    assertThat(Placement.joins(spec(true, NetworkMode.OPEN), Isolation.USERNS, true)).isTrue();
    assertThat(Placement.joins(spec(false, NetworkMode.OPEN), Isolation.ROOTLESS, true)).isTrue();
    assertThat(Placement.joins(spec(true, NetworkMode.OPEN), Isolation.ROOTLESS, true)).isFalse();
    assertThat(Placement.joins(spec(false, NetworkMode.OPEN), Isolation.CAPABILITIES, true))
        .isFalse();
  }

  @Test
  void withoutUserNamespacesAllCan() {
    assertThat(Placement.joins(spec(true, NetworkMode.OPEN), Isolation.ROOTLESS, false)).isTrue();
    assertThat(Placement.joins(spec(true, NetworkMode.OPEN), Isolation.CAPABILITIES, false))
        .isTrue();
  }

  @Test
  void whoHasNoNetworkOrARuntimeOfItsOwnJoinsNone() {
    assertThat(Placement.joins(spec(false, NetworkMode.NONE), Isolation.RUNC, false)).isFalse();
    assertThat(Placement.joins(spec(false, NetworkMode.OPEN), NAMED, false)).isFalse();
  }

  private static SandboxSpec spec(boolean docker, NetworkMode network) {
    return SandboxSpec.builder("debian", new Resources(1, 1 << 30, 100, 0))
        .docker(docker)
        .network(network)
        .build();
  }

  private static CreateContainerCmd command() {
    return new CreateContainerCmdImpl(_ -> null, new AuthConfig(), "debian")
        .withHostName("sb-abcdefgh")
        .withEnv()
        .withHostConfig(HostConfig.newHostConfig());
  }

  private static String mode(CreateContainerCmd command) {
    HostConfig host = command.getHostConfig();
    return host == null ? "" : String.valueOf(host.getNetworkMode());
  }
}
