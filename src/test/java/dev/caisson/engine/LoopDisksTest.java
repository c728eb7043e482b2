package dev.caisson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where disks with a limit are refused, found and mounted; DiskIT makes real ones. */
class LoopDisksTest {

  @TempDir Path home;

  @Test
  void anEngineOnAnotherHostHasNoneAndTheRemedyIsSaid() {
    assertThat(new LoopDisks(home, URI.create("tcp://10.0.0.1:2375")).obstacle())
        .contains("on another host", "run the service there");
  }

  @Test
  void theFilesTellWhichSandboxesHaveOne() throws Exception {
    LoopDisks disks = new LoopDisks(home, URI.create("unix:///var/run/docker.sock"));
    assertThat(disks.all()).isEmpty();
    SandboxId sandbox = SandboxId.random();
    Files.createDirectories(home.resolve("disks"));
    Files.createFile(home.resolve("disks/" + sandbox + ".img"));
    Files.createFile(home.resolve("disks/of-somebody-else.img"));

    assertThat(disks.all()).containsExactly(sandbox);
    assertThat(disks.has(sandbox)).isTrue();
    disks.remove(SandboxId.random());
    assertThat(disks.all()).containsExactly(sandbox);
  }

  @Test
  void theEngineIsToldToMountTheDeviceUnderALabelThatFindsItAgain() {
    Engine.Plan plan =
        new Engine.Plan(
            SandboxId.random(),
            "sha256:1",
            "debian",
            null,
            new Resources(1, 1 << 30, 100, 1 << 30),
            true,
            NetworkMode.OPEN,
            Isolation.USERNS,
            home,
            Map.of("dev.caisson.instance", "mine"));
    HostConfig host = HostConfig.newHostConfig().withMounts(List.of(new Mount()));

    DiskVolume.add(host, plan, "/dev/loop7");

    List<Mount> mounts = Objects.requireNonNull(host.getMounts());
    assertThat(mounts).hasSize(2);
    Mount disk = mounts.getLast();
    assertThat(disk.getTarget()).isEqualTo("/var/lib/docker");
    assertThat(disk.getSource()).isEqualTo("caisson-docker-" + plan.sandbox());
    assertThat(Objects.requireNonNull(disk.getVolumeOptions()).getLabels())
        .containsEntry("dev.caisson.instance", "mine")
        .containsEntry(Labels.SANDBOX, plan.sandbox().value());
    assertThat(
            Objects.requireNonNull(
                    Objects.requireNonNull(disk.getVolumeOptions().getDriverConfig()).getOptions())
                .get("device"))
        .isEqualTo("/dev/loop7");
  }
}
