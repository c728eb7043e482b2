package dev.caisson.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.kit.KitObjects;
import dev.caisson.engine.kit.ReadOnlyVolume;
import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The volumes in which the images of templates are kept, filled by one sandbox, seen by many. */
final class KeptData {
  /**
   * The directory where the supervisor looks for images that are there before its daemon starts.
   */
  private static final String IMAGES = "/run/caisson-images";

  private KeptData() {}

  /** Adds the mounts that a sandbox of such data has. */
  static void add(HostConfig host, Engine.Plan plan, DockerClient docker) {
    DockerData data = plan.data();
    List<Mount> mounts =
        new ArrayList<>(Objects.requireNonNullElse(host.getMounts(), List.<Mount>of()));
    if (data.images() != null) {
      mounts.add(ReadOnlyVolume.of(docker, data.images(), plan.labels()).at(IMAGES));
    }
    if (data.kept() != null) {
      Map<String, String> labels = new HashMap<>(plan.labels());
      labels.put(Labels.DATA, data.kept());
      mounts.add(
          new Mount()
              .withType(MountType.VOLUME)
              .withSource(data.kept())
              .withTarget(DiskVolume.PATH)
              .withVolumeOptions(new VolumeOptions().withNoCopy(true).withLabels(labels)));
    }
    host.withMounts(mounts);
  }

  static boolean remove(DockerClient docker, String volume) {
    return new KitObjects(docker).removeVolume(volume);
  }

  static List<String> list(DockerClient docker, String label, String value) {
    return Objects.requireNonNullElse(
            docker
                .listVolumesCmd()
                .withFilter("label", List.of(label + "=" + value, Labels.DATA))
                .exec()
                .getVolumes(),
            List.<InspectVolumeResponse>of())
        .stream()
        .map(InspectVolumeResponse::getName)
        .toList();
  }
}
