package dev.caisson.engine.kit;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import dev.caisson.engine.client.Labels;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The removal of the versions of a kit that no sandbox uses any more. */
final class OldKits {
  private static final Logger log = LoggerFactory.getLogger(OldKits.class);

  private OldKits() {}

  /**
   * Removes all volumes but the current one; only those of this image, since services may use kits
   * of other names.
   */
  static void remove(KitObjects objects, String image, String current) {
    objects
        .docker()
        .listVolumesCmd()
        .withFilter("label", List.of(Labels.KIT_IMAGE + "=" + image))
        .exec()
        .getVolumes()
        .stream()
        .map(volume -> volume.getName())
        .map(ReadOnlyVolume::shown)
        .distinct()
        .filter(name -> !name.equals(current))
        .forEach(name -> removeUnused(objects, name));
  }

  private static void removeUnused(KitObjects objects, String volume) {
    Set<String> ours = Set.of("/" + volume, "/" + volume + KitObjects.FILLING);
    List<Container> users = objects.users(volume);
    if (users.stream().anyMatch(user -> Collections.disjoint(ours, List.of(user.getNames())))) {
      return;
    }
    try {
      users.forEach(user -> objects.removeContainer(user.getId()));
      if (objects.removeVolume(volume)) {
        log.atInfo().addKeyValue("volume", volume).log("kit that no sandbox uses removed");
      }
    } catch (DockerException e) {
      // There is a kit all the same; the next look at old ones tries again.
      log.atWarn().addKeyValue("volume", volume).setCause(e).log("old kit could not be removed");
    }
  }
}
