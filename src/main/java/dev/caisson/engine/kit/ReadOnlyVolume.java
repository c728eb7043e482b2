package dev.caisson.engine.kit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import java.util.Map;
import java.util.Objects;

/**
 * A volume that sandboxes share, as they see it: through a second volume, which the engine mounts
 * read-only on the host. A mount that is read-only in the sandbox alone is its root's to remount,
 * with the capabilities that Docker in a sandbox needs; this one is locked, because it comes from a
 * more privileged mount namespace (mount_namespaces(7)) wherever there is a user namespace.
 *
 * @param source the volume that is written by its maker
 * @param mountpoint of that on the engine's host
 * @param labels of the second volume, which the engine makes with the first container that has it
 */
public record ReadOnlyVolume(String source, String mountpoint, Map<String, String> labels) {
  /** The suffix to the name of the volume it shows. */
  static final String SUFFIX = "-ro";

  public static ReadOnlyVolume of(DockerClient docker, String volume, Map<String, String> labels) {
    return new ReadOnlyVolume(
        volume,
        Objects.requireNonNull(docker.inspectVolumeCmd(volume).exec().getMountpoint()),
        labels);
  }

  /** Returns the volume that is meant by either name. */
  static String shown(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  String name() {
    return source + SUFFIX;
  }

  public Mount at(String target) {
    return new Mount()
        .withType(MountType.VOLUME)
        .withSource(name())
        .withTarget(target)
        .withReadOnly(true)
        .withVolumeOptions(
            new VolumeOptions()
                .withNoCopy(true)
                .withLabels(labels)
                .withDriverConfig(
                    new Driver()
                        .withName("local")
                        .withOptions(
                            Map.of("type", "none", "o", "bind,ro", "device", mountpoint))));
  }
}
