package dev.caisson.engine.kit;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerMount;
import dev.caisson.engine.client.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The release of kits that are no longer configured for a service, once no sandbox has them. */
final class FormerKits {
  private static final Logger log = LoggerFactory.getLogger(FormerKits.class);

  private FormerKits() {}

  /**
   * Removes the containers that keep such kits, and their volumes where no other service has them.
   *
   * @param keepers the names of the containers that keep what the service has now
   */
  static void release(KitObjects objects, String service, Set<String> keepers) {
    List<Container> former =
        objects
            .docker()
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(Map.of(Labels.KIT_USER, service))
            .exec()
            .stream()
            .filter(container -> names(container).noneMatch(keepers::contains))
            .filter(container -> isUnused(objects, container))
            .toList();
    for (Container keeper : former) {
      String image = keeper.getLabels().get(Labels.KIT_IMAGE);
      log.atInfo().addKeyValue("image", image).log("kit that is no longer configured is let go");
      objects.removeContainer(keeper.getId());
      if (image != null) {
        OldKits.remove(objects, image, "");
      }
    }
  }

  private static Stream<String> names(Container container) {
    return Arrays.stream(container.getNames()).map(name -> name.substring(1));
  }

  /** Returns whether no sandbox has the kit that this container keeps. */
  private static boolean isUnused(KitObjects objects, Container keeper) {
    return keeper.getMounts().stream()
        .map(ContainerMount::getName)
        .filter(Objects::nonNull)
        .map(ReadOnlyVolume::shown)
        .flatMap(volume -> objects.users(volume).stream())
        .noneMatch(user -> user.getLabels().containsKey(Labels.SANDBOX));
  }
}
