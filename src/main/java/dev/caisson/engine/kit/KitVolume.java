package dev.caisson.engine.kit;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.Labels;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.client.Sleep;
import dev.caisson.engine.image.ImageReference;
import dev.caisson.engine.network.Networks;
import dev.caisson.sandbox.EngineException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One part of the kit in a volume of its own for each version. The engine fills a new volume when
 * it creates a container that mounts it over content of its image. That container is never started
 * and stays: while the volume is filled its name lets no other service do the same, then it gets
 * the volume's name, which says that the volume is whole, and keeps prunes of volumes away from it.
 */
final class KitVolume {
  private static final Logger log = LoggerFactory.getLogger(KitVolume.class);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int LOOKS = 5;

  private final EngineClient client;
  private final ImageReference image;
  private final String prefix;
  private final String path;
  private final Duration deadline;
  private final Sleep sleep;
  private boolean tidied;
  private @Nullable ReadOnlyVolume known;
  private @Nullable KitUser user;

  /**
   * Creates a part of the kit.
   *
   * @param prefix of the names of its volumes
   * @param path of its content in the image, and in sandboxes
   */
  KitVolume(
      EngineClient client,
      ImageReference image,
      String prefix,
      String path,
      Duration deadline,
      Sleep sleep) {
    this.client = client;
    this.image = image;
    this.prefix = prefix;
    this.path = path;
    this.deadline = deadline;
    this.sleep = sleep;
  }

  /** Returns the volume that holds this image's content, filled if it was not there. */
  synchronized ReadOnlyVolume ready(String id) {
    for (int look = 1; ; look++) {
      try {
        return lookedAt(id);
      } catch (EngineException.Refused e) {
        // Another service took what had just become whole for what a crash has left, and removed
        // it: it had looked a moment before.
        if (e.status != 404 || look == LOOKS) {
          throw e;
        }
      }
    }
  }

  /**
   * Keeps the volume for this service from now on, whether or not a sandbox has it.
   *
   * @param suffix of the keeper's name, another for each volume of one prefix
   */
  synchronized void serve(String service, String suffix) {
    user = new KitUser(keeper(service, suffix), service, path);
  }

  /** Returns the name of the container that keeps the volume for this service. */
  String keeper(String service, String suffix) {
    return prefix + "for-" + Networks.brief(service) + suffix;
  }

  private ReadOnlyVolume lookedAt(String id) {
    String name = prefix + brief(id);
    if (!client.call(Operation.KIT, docker -> new KitObjects(docker).exists(name))) {
      log.atInfo().addKeyValue("volume", name).addKeyValue("image", image).log("kit is unpacked");
      client.run(Operation.KIT, deadline, docker -> fill(new KitObjects(docker), name, id));
      tidied = false;
    }
    ReadOnlyVolume shown = known;
    if (shown == null || !shown.source().equals(name)) {
      shown = client.call(Operation.KIT, docker -> ReadOnlyVolume.of(docker, name, labels(id)));
      known = shown;
    }
    ReadOnlyVolume kept = shown;
    KitUser keeper = user;
    if (keeper != null && !keeper.keeps(kept)) {
      client.run(Operation.KIT, client.usual(), docker -> keeper.keep(docker, id, kept));
    }
    if (!tidied) {
      // At the start of a service, and when a version became an old one.
      client.run(
          Operation.KIT,
          deadline,
          docker -> OldKits.remove(new KitObjects(docker), image.name(), name));
      tidied = true;
    }
    return shown;
  }

  private Map<String, String> labels(String id) {
    return Map.of(Labels.KIT, id, Labels.KIT_IMAGE, image.name());
  }

  /** Returns the first twelve digits of an image's id. */
  static String brief(String id) {
    String digits = id.substring(id.indexOf(':') + 1);
    return digits.substring(0, Math.min(12, digits.length()));
  }

  /** Fills the volume; ends when it is whole, or is interrupted by the deadline. */
  private void fill(KitObjects objects, String name, String id) {
    while (!objects.exists(name)) {
      if (isFree(objects, name) && filled(objects, name, id)) {
        return;
      }
      // Another service fills it at this moment; the engine tells of nothing until it is done.
      try {
        sleep.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw client.errors().interrupted(Operation.KIT);
      }
    }
  }

  /**
   * Returns whether nothing else fills the volume: what a crash left is removed, since a volume
   * that is not empty is not filled again. One in use by sandboxes is whole, and only its container
   * was pruned.
   */
  private static boolean isFree(KitObjects objects, String name) {
    if (objects.exists(name + KitObjects.FILLING)) {
      objects.removeContainer(name + KitObjects.FILLING);
    }
    return objects.removeVolume(name)
        || objects.users(name).stream()
            .filter(user -> !List.of(user.getNames()).contains("/" + name + KitObjects.FILLING))
            .anyMatch(user -> objects.exists(user.getId()));
  }

  /** Fills the volume with the image's content; returns false if another service was quicker. */
  private boolean filled(KitObjects objects, String name, String id) {
    try {
      String container = create(objects, name, id);
      try {
        objects.docker().renameContainerCmd(container).withName(name).exec();
        return true;
      } catch (ConflictException e) {
        objects.removeContainer(container);
        return false;
      }
    } catch (ConflictException | NotFoundException e) {
      return false;
    }
  }

  private String create(KitObjects objects, String name, String id) {
    Map<String, String> labels = labels(id);
    Mount mount =
        new Mount()
            .withType(MountType.VOLUME)
            .withSource(name)
            .withTarget(path)
            .withVolumeOptions(new VolumeOptions().withLabels(labels));
    return objects
        .docker()
        .createContainerCmd(id)
        .withName(name + KitObjects.FILLING)
        .withCmd("/never/started")
        .withLabels(labels)
        .withHostConfig(
            HostConfig.newHostConfig().withNetworkMode("none").withMounts(List.of(mount)))
        .exec()
        .getId();
  }
}
