package dev.caisson.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.SandboxId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The engine's end of a disk with a limit: a volume with a name, which it mounts from a device. */
final class DiskVolume {
  static final String PATH = "/var/lib/docker";
  private static final String PREFIX = "caisson-docker-";

  private DiskVolume() {}

  static String name(SandboxId sandbox) {
    return PREFIX + sandbox;
  }

  /**
   * Adds the mount that makes the volume, with the container, in place of a volume without a name.
   */
  static void add(HostConfig host, Engine.Plan plan, String device) {
    Map<String, String> labels = new HashMap<>(plan.labels());
    labels.put(Labels.SANDBOX, plan.sandbox().value());
    // discard: what is removed inside is given back to the host's file system.
    Map<String, String> options =
        Map.of("type", "ext4", "device", device, "o", "discard,noatime,noinit_itable");
    List<Mount> mounts =
        new ArrayList<>(Objects.requireNonNullElse(host.getMounts(), List.<Mount>of()));
    mounts.add(
        new Mount()
            .withType(MountType.VOLUME)
            .withSource(name(plan.sandbox()))
            .withTarget(PATH)
            .withVolumeOptions(
                new VolumeOptions()
                    .withNoCopy(true)
                    .withLabels(labels)
                    .withDriverConfig(new Driver().withName("local").withOptions(options))));
    host.withMounts(mounts);
  }

  static void remove(DockerClient docker, SandboxId sandbox) {
    try {
      docker.removeVolumeCmd(name(sandbox)).exec();
    } catch (NotFoundException e) {
      // It was never made, or is removed already; what lies under it goes next.
      return;
    }
  }
}
