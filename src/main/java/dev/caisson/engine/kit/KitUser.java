package dev.caisson.engine.kit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import dev.caisson.engine.client.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keeper of one part of the kit for one service: a container that is never started, of the
 * image and with the volume that this service gives to its sandboxes. While it is there the engine
 * does not remove the image, and no other service takes the volume for an old one that is out of
 * use.
 */
final class KitUser {
  private final String name;
  private final String service;
  private final String path;
  private @Nullable String kept;

  /**
   * Creates a keeper that keeps nothing yet.
   *
   * @param name of the container; there is one at a time
   * @param path of the kit in its image
   */
  KitUser(String name, String service, String path) {
    this.name = name;
    this.service = service;
    this.path = path;
  }

  /** Tells whether this is the volume that it was last asked to keep. */
  boolean keeps(ReadOnlyVolume volume) {
    return volume.source().equals(kept);
  }

  /** Keeps this version, and no longer the one before. */
  void keep(DockerClient docker, String image, ReadOnlyVolume volume) {
    if (!image.equals(had(docker))) {
      new KitObjects(docker).removeContainer(name);
      try {
        create(docker, image, volume);
      } catch (ConflictException e) {
        // An abandoned call of a service that was killed has made it: it keeps the same.
      }
    }
    kept = volume.source();
  }

  private @Nullable String had(DockerClient docker) {
    try {
      return docker.inspectContainerCmd(name).exec().getImageId();
    } catch (NotFoundException e) {
      return null;
    }
  }

  private void create(DockerClient docker, String image, ReadOnlyVolume volume) {
    Map<String, String> labels = new HashMap<>(volume.labels());
    labels.put(Labels.KIT_USER, service);
    docker
        .createContainerCmd(image)
        .withName(name)
        .withCmd("/never/started")
        .withLabels(labels)
        .withHostConfig(
            HostConfig.newHostConfig().withNetworkMode("none").withMounts(List.of(volume.at(path))))
        .exec();
  }
}
