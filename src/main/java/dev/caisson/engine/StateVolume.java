package dev.caisson.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.SandboxId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The volume where a sandbox's supervisor keeps records and journals, with a name, so that it is
 * still there after anyone else has removed the container.
 */
final class StateVolume {
  static final String PATH = "/var/lib/caisson";
  private static final String PREFIX = "caisson-state-";

  /** The suffix to the name of the container that is never started, but only read through. */
  private static final String READER = "-reader";

  private StateVolume() {}

  static String name(SandboxId sandbox) {
    return PREFIX + sandbox;
  }

  /** Returns the mount that makes the volume, with the container. */
  static Mount of(Engine.Plan plan) {
    Map<String, String> labels = new HashMap<>(plan.labels());
    labels.put(Labels.SANDBOX, plan.sandbox().value());
    return mount(plan.sandbox())
        .withVolumeOptions(new VolumeOptions().withNoCopy(true).withLabels(labels));
  }

  private static Mount mount(SandboxId sandbox) {
    return new Mount().withType(MountType.VOLUME).withSource(name(sandbox)).withTarget(PATH);
  }

  /**
   * Creates a container that has the volume, to be read from and not to be run.
   *
   * @throws NotFoundException if there is no such volume
   */
  static String reader(DockerClient docker, SandboxId sandbox, String image) {
    // A mount of a volume that is not there would make it.
    docker.inspectVolumeCmd(name(sandbox)).exec();
    removeReader(docker, sandbox);
    return docker
        .createContainerCmd(image)
        .withName(name(sandbox) + READER)
        .withCmd("/never/started")
        .withHostConfig(
            HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withMounts(
                    List.of(
                        mount(sandbox)
                            .withReadOnly(true)
                            .withVolumeOptions(new VolumeOptions().withNoCopy(true)))))
        .exec()
        .getId();
  }

  static void remove(DockerClient docker, SandboxId sandbox) {
    try {
      docker.removeVolumeCmd(name(sandbox)).exec();
    } catch (NotFoundException e) {
      return;
    } catch (ConflictException e) {
      removeReader(docker, sandbox);
      docker.removeVolumeCmd(name(sandbox)).exec();
    }
  }

  private static void removeReader(DockerClient docker, SandboxId sandbox) {
    for (Container left :
        docker
            .listContainersCmd()
            .withShowAll(true)
            .withNameFilter(List.of("^/" + name(sandbox) + READER + "$"))
            .exec()) {
      try {
        docker.removeContainerCmd(left.getId()).withForce(true).exec();
      } catch (NotFoundException e) {
        // The call that read through it has removed it.
      }
    }
  }

  /** Returns the sandboxes whose volumes carry this label. */
  static List<SandboxId> list(DockerClient docker, String label, String value) {
    return Objects.requireNonNullElse(
            docker
                .listVolumesCmd()
                .withFilter("label", List.of(label + "=" + value))
                .exec()
                .getVolumes(),
            List.<InspectVolumeResponse>of())
        .stream()
        .filter(volume -> volume.getName().startsWith(PREFIX))
        .map(volume -> SandboxId.parse(volume.getName().substring(PREFIX.length())))
        .flatMap(Optional::stream)
        .toList();
  }
}
