package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.engine.client.FakeHttp;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.kit.KitVolumes;
import dev.caisson.engine.kit.ReadOnlyVolume;
import dev.caisson.engine.network.EngineFacts;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the engine is told to make, in the JSON that it gets. */
class ContainerSpecsTest {
  private static final SandboxId ID = new SandboxId("sb-7f3k9q2m");
  private static final EngineFacts USERNS = facts(true, true, false);
  private static final EngineFacts PLAIN = facts(false, false, true);
  private static final KitVolumes.Names KIT =
      new KitVolumes.Names(volume("caisson-kit-1"), volume("caisson-kit-docker-2"));

  @Test
  void theSupervisorIsTheFirstProcessWhateverTheImageSays() {
    JsonNode spec = spec(plan(false, Isolation.USERNS, NetworkMode.OPEN), USERNS);

    assertThat(spec.get("Entrypoint").toString())
        .isEqualTo(
            "[\"/opt/caisson/init\",\"--\",\"/opt/caisson/runtime/bin/java\","
                + "\"@/opt/caisson/supervisor.args\"]");
    assertThat(spec.get("Cmd").toString()).isEqualTo("[]");
    assertThat(spec.get("User").asText()).isEqualTo("0:0");
    assertThat(spec.get("WorkingDir").asText()).isEqualTo("/");
    assertThat(spec.get("Hostname").asText()).isEqualTo("sb-7f3k9q2m");
    assertThat(spec.at("/Healthcheck/Test").toString()).isEqualTo("[\"NONE\"]");
    assertThat(spec.get("StopSignal").asText()).isEqualTo("SIGTERM");
    assertThat(spec.at("/HostConfig/Init").asBoolean(true)).isFalse();
    assertThat(spec.at("/HostConfig/RestartPolicy/Name").asText()).isEmpty();
    assertThat(spec.at("/HostConfig/AutoRemove").asBoolean(true)).isFalse();
  }

  @Test
  void theEnvironmentOfTheSupervisorIsOurs() {
    JsonNode env = spec(plan(false, Isolation.USERNS, NetworkMode.OPEN), USERNS).get("Env");

    assertThat(env)
        .extracting(JsonNode::asText)
        .contains("CAISSON_SANDBOX=sb-7f3k9q2m", "LOG_LEVEL=debug")
        .contains("JAVA_TOOL_OPTIONS", "LD_PRELOAD");
  }

  @Test
  void labelsSayWhoseItIsAndNoCallerChangesThat() {
    JsonNode labels = spec(plan(false, Isolation.USERNS, NetworkMode.OPEN), USERNS).get("Labels");

    assertThat(labels.get("dev.caisson.sandbox").asText()).isEqualTo("sb-7f3k9q2m");
    assertThat(labels.get("dev.caisson.name").asText()).isEqualTo("build-42");
    assertThat(labels.get("dev.caisson.image").asText()).isEqualTo("debian:trixie-slim");
    assertThat(labels.get("team").asText()).isEqualTo("ci");
  }

  @Test
  void limitsAreSetAndLeaveNoSwap() {
    JsonNode host = host(plan(false, Isolation.USERNS, NetworkMode.OPEN), USERNS);

    assertThat(host.get("NanoCpus").asLong()).isEqualTo(500_000_000);
    assertThat(host.get("Memory").asLong()).isEqualTo(64 << 20);
    assertThat(host.get("MemorySwap").asLong()).isEqualTo(64 << 20);
    assertThat(host.get("PidsLimit").asLong()).isEqualTo(100);
    assertThat(host.at("/LogConfig/Type").asText()).isEqualTo("json-file");
    assertThat(host.at("/LogConfig/Config/max-size").asText()).isEqualTo("5m");
    assertThat(host.at("/LogConfig/Config/max-file").asText()).isEqualTo("2");
  }

  @Test
  void withoutDockerItHasDefaultCapabilitiesAndNoNewPrivileges() {
    JsonNode host = host(plan(false, Isolation.RUNC, NetworkMode.NONE), PLAIN);

    assertThat(host.at("/SecurityOpt/0").asText()).isEqualTo("no-new-privileges");
    assertThat(host.at("/SecurityOpt/1").asText())
        .startsWith("seccomp={")
        .doesNotContain("\"mount\"", "\"unshare\"");
    assertThat(host.hasNonNull("CapAdd")).isFalse();
    assertThat(host.get("Privileged").asBoolean(true)).isFalse();
    assertThat(host.get("CgroupnsMode").asText()).isEqualTo("private");
    assertThat(host.get("NetworkMode").asText()).isEqualTo("none");
    assertThat(host.hasNonNull("Runtime")).isFalse();
    assertThat(host.hasNonNull("UsernsMode")).isFalse();
    assertThat(host.hasNonNull("Tmpfs")).isFalse();
    assertThat(host.get("Mounts")).hasSize(3);
    assertThat(host.at("/Mounts/0/Type").asText()).isEqualTo("bind");
    assertThat(host.at("/Mounts/0/Source").asText()).isEqualTo("/home/sb-7f3k9q2m");
    assertThat(host.at("/Mounts/0/Target").asText()).isEqualTo("/run/caisson");
    assertThat(host.at("/Mounts/1/Type").asText()).isEqualTo("volume");
    assertThat(host.at("/Mounts/1/Source").asText()).isEqualTo("caisson-kit-1-ro");
    assertThat(host.at("/Mounts/1/Target").asText()).isEqualTo("/opt/caisson");
    assertThat(host.at("/Mounts/1/ReadOnly").asBoolean()).isTrue();
    assertThat(host.at("/Mounts/1/VolumeOptions/NoCopy").asBoolean()).isTrue();
    // Read-only on the host already: in the sandbox alone it would be its root's to remount.
    assertThat(host.at("/Mounts/1/VolumeOptions/DriverConfig/Options/o").asText())
        .isEqualTo("bind,ro");
    assertThat(host.at("/Mounts/1/VolumeOptions/DriverConfig/Options/device").asText())
        .isEqualTo("/volumes/caisson-kit-1");
  }

  @Test
  void whereTheHostHasTheCapabilityDatabasesFindTheLimitsTheyAskFor() {
    Engine.Plan plan = plan(true, Isolation.USERNS, NetworkMode.OPEN);

    assertThat(spec(plan, USERNS).at("/HostConfig/Ulimits").isEmpty()).isTrue();
    JsonNode limits = spec(plan, USERNS.with(1_073_741_816, List.of())).at("/HostConfig/Ulimits");
    assertThat(limits.findValuesAsText("Name")).containsExactly("memlock", "nofile", "nproc");
    assertThat(limits.at("/0/Hard").asLong()).isEqualTo(-1);
    assertThat(limits.at("/1/Hard").asLong()).isEqualTo(1_073_741_816);
  }

  @Test
  void dockerUnderUserNamespacesGetsItsOwnCgroupAndWhatItNeedsNoMore() {
    JsonNode spec = spec(plan(true, Isolation.USERNS, NetworkMode.OPEN), USERNS);
    JsonNode host = spec.get("HostConfig");

    assertThat(host.get("Runtime").asText()).isEqualTo("caisson");
    assertThat(host.get("CapAdd").toString())
        .isEqualTo("[\"SYS_ADMIN\",\"NET_ADMIN\",\"SYS_PTRACE\"]");
    assertThat(host.get("SecurityOpt")).hasSize(1);
    assertThat(host.at("/SecurityOpt/0").asText()).startsWith("seccomp={").contains("pivot_root");
    assertThat(host.hasNonNull("UsernsMode")).isFalse();
    assertThat(host.get("Privileged").asBoolean(true)).isFalse();
    assertThat(host.hasNonNull("Tmpfs")).isFalse();
    assertThat(host.at("/Mounts/2/Source").asText()).isEqualTo("caisson-kit-docker-2-ro");
    assertThat(host.at("/Mounts/2/Target").asText()).isEqualTo("/opt/caisson/docker");
    assertThat(spec.get("Volumes").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("/var/lib/docker", "/var/lib/containerd");
  }

  @Test
  void capabilitiesModeGivesWhatTheHostItselfHas() {
    for (boolean resource : List.of(true, false)) {
      JsonNode host =
          spec(
                  plan(true, Isolation.CAPABILITIES, NetworkMode.OPEN),
                  PLAIN.with(resource ? 1_073_741_816 : 0, List.of()))
              .get("HostConfig");
      assertThat(host.get("CapAdd").toString().contains("SYS_RESOURCE")).isEqualTo(resource);
    }
    assertThat(
            spec(
                    plan(true, Isolation.USERNS, NetworkMode.OPEN),
                    USERNS.with(1_073_741_816, List.of()))
                .toString())
        .doesNotContain("SYS_RESOURCE");
  }

  @Test
  void capabilitiesModeIsInTheHostsUserNamespace() {
    JsonNode remapping = host(plan(true, Isolation.CAPABILITIES, NetworkMode.OPEN), USERNS);
    JsonNode plain = host(plan(true, Isolation.CAPABILITIES, NetworkMode.OPEN), PLAIN);

    assertThat(remapping.get("UsernsMode").asText()).isEqualTo("host");
    assertThat(remapping.hasNonNull("Runtime")).isFalse();
    assertThat(plain.hasNonNull("UsernsMode")).isFalse();
    assertThat(plain.at("/SecurityOpt/1").asText()).isEqualTo("apparmor=unconfined");
  }

  @Test
  void rootlessHasTheUsualCapabilitiesAndAProcThatNobodySees() {
    JsonNode host = host(plan(true, Isolation.ROOTLESS, NetworkMode.OPEN), USERNS);

    assertThat(host.get("UsernsMode").asText()).isEqualTo("host");
    assertThat(host.hasNonNull("CapAdd")).isFalse();
    assertThat(host.hasNonNull("Runtime")).isFalse();
    assertThat(host.hasNonNull("ReadonlyPaths")).isFalse();
    assertThat(host.at("/SecurityOpt/0").asText())
        .startsWith("seccomp={")
        .contains("\"unshare\"")
        .doesNotContain("\"bpf\"", "\"keyctl\"");
    assertThat(host.at("/Devices/0/PathOnHost").asText()).isEqualTo("/dev/net/tun");
    assertThat(host.get("MaskedPaths"))
        .extracting(JsonNode::asText)
        .contains("/proc/kcore", "/sys/firmware", "/dev/.caisson");
    JsonNode proc = host.get("Mounts").get(host.get("Mounts").size() - 1);
    assertThat(proc.get("Target").asText()).isEqualTo("/dev/.caisson/proc");
    assertThat(proc.get("ReadOnly").asBoolean()).isTrue();
    assertThat(proc.at("/VolumeOptions/DriverConfig/Options/type").asText()).isEqualTo("proc");
    assertThat(proc.at("/VolumeOptions/DriverConfig/Options/o").asText())
        .isEqualTo("ro,nosuid,nodev,noexec,hidepid=4");
  }

  @Test
  void theHostsDevicesAreForSandboxesWithDockerAndNoneTwice() {
    EngineFacts facts = USERNS.with(0, List.of("/dev/fuse", "/dev/net/tun"));

    for (Isolation isolation : List.of(Isolation.USERNS, Isolation.ROOTLESS)) {
      assertThat(host(plan(true, isolation, NetworkMode.OPEN), facts).get("Devices"))
          .extracting(device -> device.get("PathOnHost").asText())
          .containsExactly("/dev/fuse", "/dev/net/tun");
    }
    assertThat(host(plan(false, Isolation.USERNS, NetworkMode.OPEN), facts).get("Devices"))
        .isNullOrEmpty();
  }

  @Test
  void rootlessWithoutDockerIsLikeAnyOther() {
    JsonNode host = host(plan(false, Isolation.ROOTLESS, NetworkMode.OPEN), USERNS);

    assertThat(host.at("/SecurityOpt/0").asText()).isEqualTo("no-new-privileges");
    assertThat(host.get("SecurityOpt")).hasSize(2);
    assertThat(host.hasNonNull("UsernsMode")).isFalse();
    assertThat(host.hasNonNull("MaskedPaths")).isFalse();
    assertThat(host.get("Mounts")).hasSize(3);
  }

  @Test
  void anIsolationThatTheEngineDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> host(plan(false, Isolation.USERNS, NetworkMode.OPEN), PLAIN))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("userns-remap");
    assertThatThrownBy(() -> host(plan(true, Isolation.RUNC, NetworkMode.OPEN), PLAIN))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("capabilities");
  }

  @Test
  void dockerWithoutItsPartOfTheKitIsRefused() {
    var kit = new KitVolumes.Names(volume("caisson-kit-1"), null);

    assertThatThrownBy(
            () -> HostSpecs.of(plan(true, Isolation.USERNS, NetworkMode.OPEN), USERNS, kit))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("kit/build.sh");
  }

  private static JsonNode host(Engine.Plan plan, EngineFacts facts) {
    return spec(plan, facts).get("HostConfig");
  }

  /** As it goes over the wire. */
  private static JsonNode spec(Engine.Plan plan, EngineFacts facts) {
    FakeHttp http = new FakeHttp().on("POST /containers/create", 201, "{\"Id\":\"c1\"}");
    ContainerSpecs specs = new ContainerSpecs(Optional.of("debug"));
    http.client()
        .call(
            Operation.CREATE,
            docker -> specs.fill(docker.createContainerCmd("sha256:1"), plan, facts, KIT).exec());
    assertThat(http.requests.getLast().path())
        .isEqualTo("/v1.41/containers/create?name=caisson-sb-7f3k9q2m");
    try {
      return DockerClientConfig.getDefaultObjectMapper()
          .readTree(http.requests.getLast().bodyBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Engine.Plan plan(boolean docker, Isolation isolation, NetworkMode network) {
    return new Engine.Plan(
        ID,
        "sha256:1",
        "debian:trixie-slim",
        "build-42",
        new Resources(0.5, 64 << 20, 100, 0),
        docker,
        network,
        isolation,
        Path.of("/home/sb-7f3k9q2m"),
        Map.of("team", "ci", "dev.caisson.sandbox", "sb-notminee"));
  }

  private static EngineFacts facts(boolean userns, boolean delegates, boolean apparmor) {
    return new EngineFacts(
        new Engine.Host("27", "1.41", userns, userns ? 100000 : 0, delegates, 2, 2, 8L << 30),
        apparmor,
        true,
        "/var/lib/docker",
        false,
        0,
        List.of());
  }

  private static ReadOnlyVolume volume(String name) {
    return new ReadOnlyVolume(name, "/volumes/" + name, Map.of("kit", "1"));
  }
}
