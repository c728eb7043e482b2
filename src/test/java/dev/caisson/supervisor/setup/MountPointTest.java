package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountPointTest {

  private final List<MountPoint> mounts =
      MountPoint.parse(
          List.of(
              "100 90 0:50 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/a:/b",
              "101 100 0:29 /docker/x /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu",
              "102 100 8:1 /v/_data /var/lib/docker rw,relatime - ext4 /dev/vda rw",
              "103 100 8:1 / /with\\040blank rw shared:2 master:3 - ext4 /dev/vda rw",
              "nonsense"));

  @Test
  void readsPlaceOptionsAndType() {
    assertThat(mounts).hasSize(4);
    MountPoint cpu = mounts.get(1);
    assertThat(cpu.path()).isEqualTo("/sys/fs/cgroup/cpu");
    assertThat(cpu.type()).isEqualTo("cgroup");
    assertThat(cpu.options()).isEqualTo(Set.of("ro", "nosuid", "nodev", "noexec", "relatime"));
    assertThat(cpu.readOnly()).isTrue();
    assertThat(mounts.get(3).path()).isEqualTo("/with blank");
  }

  @Test
  void findsTheMountThatAPathLiesOn() {
    assertThat(MountPoint.of(Path.of("/var/lib/docker"), mounts))
        .get()
        .extracting(MountPoint::type)
        .isEqualTo("ext4");
    assertThat(MountPoint.of(Path.of("/var/lib/docker-other"), mounts))
        .get()
        .extracting(MountPoint::type)
        .isEqualTo("overlay");
  }
}
