package dev.caisson.engine;

import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.caisson.engine.client.Labels;
import java.util.List;
import java.util.Map;

/**
 * The additions to a rootless sandbox with which it can make a user namespace in which containers
 * have a {@code /proc} (kit/nest).
 *
 * <p>The kernel lets a user namespace mount a proc only where its mount namespace has one that
 * nothing covers, and no less read-only than that one. The sandbox's own is covered, and must be:
 * its root is the host's, who may write the kernel's settings without any capability. So there is a
 * second one, read-only, below a path that is masked: no process gets there, the kernel sees it. Of
 * processes it shows only those that the reader may trace. It is a whole proc, since newer kernels
 * (seen with 7.2, not with 6.18) do not count one with {@code subset=pid}.
 */
final class Nest {
  /** The TUN device of the engine's host, which every engine that runs virtual networks has. */
  static final String TUN = "/dev/net/tun";

  private static final String HIDDEN = "/dev/.caisson";

  /** The paths to mask: those that an engine masks by itself, unless any are named, and our own. */
  static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware",
          HIDDEN);

  /**
   * The name of the volume, another than that of versions which showed less: an engine keeps what
   * is there.
   */
  private static final String VOLUME = "caisson-hidden-proc";

  private Nest() {}

  /** Returns the mount of the second proc, below what is masked. */
  static Mount proc() {
    return new Mount()
        .withType(MountType.VOLUME)
        .withSource(VOLUME)
        .withTarget(HIDDEN + "/proc")
        .withReadOnly(true)
        .withVolumeOptions(
            new VolumeOptions()
                .withNoCopy(true)
                .withLabels(Map.of(Labels.KIT_IMAGE, "none"))
                .withDriverConfig(
                    new Driver()
                        .withName("local")
                        .withOptions(
                            Map.of(
                                "type",
                                "proc",
                                "device",
                                "proc",
                                "o",
                                "ro,nosuid,nodev,noexec,hidepid=4"))));
  }
}
