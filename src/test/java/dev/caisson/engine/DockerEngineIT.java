package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, and how a sandbox is held, on the Docker engine of this machine. */
class DockerEngineIT extends EngineContract {
  private static StandIn standIn;
  private static DockerEngine engine;

  @BeforeAll
  static void makeKit() {
    standIn = new StandIn();
    engine = standIn.engine("public");
    standIn.removeKits();
    standIn.make();
  }

  @AfterAll
  static void leaveNothing() throws IOException {
    standIn.removeKits();
    engine.close();
    standIn.close();
  }

  @BeforeEach
  void openSockets() throws IOException {
    // The sandbox's root is nobody on the host.
    Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.createFile(sockets.resolve("from-the-host"));
  }

  @AfterEach
  void removeContainers() {
    standIn.removeContainers(LABEL);
  }

  @Override
  Engine engine() {
    return engine;
  }

  @Override
  String image() {
    return StandIn.STATIC;
  }

  @Test
  void whatTheImageBroughtDoesNotReachTheSupervisor() {
    String log = logOf(plan(false, NetworkMode.NONE));

    assertThat(log)
        .contains("arguments -- /opt/caisson/runtime/bin/java @/opt/caisson/supervisor.args");
    assertThat(log).containsPattern("sandbox sb-\\w{8} in / as 0\n");
  }

  @Test
  void limitsHoldInside() {
    String log = logOf(plan(false, NetworkMode.NONE));

    assertThat(log).containsPattern("(memory.max|memory.limit_in_bytes) 268435456\n");
    assertThat(log).containsPattern("pids.max 100\n");
    assertThat(log).containsPattern("(cpu.max 50000 100000|cpu.cfs_quota_us 50000)\n");
  }

  @Test
  void limitsAreWhatTheEngineWasTold() {
    HostConfig host = inspect(engine.create(plan(false, NetworkMode.OPEN))).getHostConfig();

    assertThat(host.getNanoCPUs()).isEqualTo(500_000_000);
    assertThat(host.getMemory()).isEqualTo(256 << 20);
    assertThat(host.getMemorySwap()).isEqualTo(256 << 20);
    assertThat(host.getPidsLimit()).isEqualTo(100);
    assertThat(host.getPrivileged()).isFalse();
    assertThat(host.getCgroupnsMode()).isEqualTo("private");
    assertThat(host.getNetworkMode()).isEqualTo("bridge");
  }

  @Test
  void withoutDockerRootHasTheDefaultCapabilitiesAndNoWayToMore() {
    String log = logOf(plan(false, NetworkMode.NONE));

    assertThat(log).containsPattern("CapEff:\\s+00000000a80425fb\n");
    assertThat(log).containsPattern("NoNewPrivs:\\s+1\n");
    assertThat(log).containsPattern("Seccomp:\\s+2\n");
    assertThat(log).contains("root is " + engine.host().root() + "\n");
  }

  @Test
  void withDockerItHasWhatADaemonNeedsAndStillASeccompProfile() {
    String log = logOf(plan(true, NetworkMode.NONE));

    assertThat(log).containsPattern("CapEff:\\s+00000000a82c35fb\n");
    assertThat(log).containsPattern("NoNewPrivs:\\s+0\n");
    assertThat(log).containsPattern("Seccomp:\\s+2\n");
    assertThat(log).containsPattern(" /opt/caisson/docker \\w+ ro,");
    assertThat(log).doesNotContainPattern(" /(run|tmp) tmpfs ");
    assertThat(log).contains("socket directory holds from-the-host\n");
  }

  @Test
  void theKitIsReadOnlyAndTheSocketDirectoryIsTheHosts() {
    String log = logOf(plan(false, NetworkMode.NONE));

    assertThat(log).containsPattern(" /opt/caisson \\w+ ro,");
    assertThat(log).contains("socket directory holds from-the-host\n");
  }

  @Test
  void theNetworkIsTheBridgeOrNone() {
    assertThat(logOf(plan(false, NetworkMode.NONE)))
        .contains("link lo")
        .doesNotContain("link eth0");
    assertThat(logOf(plan(false, NetworkMode.OPEN))).contains("link eth0");
  }

  @Test
  void theDataOfItsDaemonIsInVolumesThatGoWithIt() {
    String container = engine.create(plan(true, NetworkMode.NONE));
    List<String> volumes =
        Objects.requireNonNull(inspect(container).getMounts()).stream()
            .filter(mount ->
                String.valueOf(mount.getDestination()).matches("/var/lib/(docker|containerd)"))
            .map(InspectContainerResponse.Mount::getName)
            .toList();
    assertThat(volumes).hasSize(2);

    engine.remove(container);

    assertThat(standIn.docker().listVolumesCmd().exec().getVolumes())
        .extracting("name")
        .doesNotContainAnyElementsOf(volumes);
  }

  @Test
  void aLabelOfAnotherThatLooksLikeOursIsNotListed() {
    String container =
        standIn
            .docker()
            .createContainerCmd(StandIn.STATIC)
            .withLabels(Map.of("dev.caisson.sandbox", "not-an-id", LABEL, "true"))
            .withCmd("/bin/busybox")
            .exec()
            .getId();

    assertThat(engine.list()).extracting(Engine.Found::container).doesNotContain(container);
    assertThat(engine.find(container)).isNull();
  }

  /** All that the stand-in for the supervisor said about where it is. */
  private String logOf(Engine.Plan plan) {
    String container = started(plan);
    engine.stop(container, GRACE);
    return engine.logTail(container, 100);
  }

  private InspectContainerResponse inspect(String container) {
    return standIn.docker().inspectContainerCmd(container).exec();
  }
}
