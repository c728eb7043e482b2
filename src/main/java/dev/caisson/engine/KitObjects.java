package dev.caisson.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.util.ArrayList;
import java.util.List;

/** The volumes and containers that hold kits, while other services do the same with them. */
record KitObjects(DockerClient docker) {
  /** After the name of a container whose volume is not whole yet. */
  static final String FILLING = "-filling";

  /** Whether the engine is done with making this container. */
  boolean exists(String container) {
    try {
      docker.inspectContainerCmd(container).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * The containers that mount it or see it read-only; the engine lists those that it still makes,
   * too.
   */
  List<Container> users(String volume) {
    List<Container> users = new ArrayList<>();
    for (String name : List.of(volume, volume + ReadOnlyVolume.SUFFIX)) {
      users.addAll(
          docker.listContainersCmd().withShowAll(true).withVolumeFilter(List.of(name)).exec());
    }
    return users;
  }

  /** Gone it is in any case; not, if it runs, which none of ours does. */
  void removeContainer(String container) {
    try {
      docker.removeContainerCmd(container).exec();
    } catch (NotFoundException | ConflictException e) {
      // Another service was quicker.
    }
  }

  /**
   * Whether it is gone; not if something uses it. What shows it to sandboxes goes first: while they
   * have that, the volume itself looks unused to the engine.
   */
  boolean removeVolume(String volume) {
    for (String name : List.of(volume + ReadOnlyVolume.SUFFIX, volume)) {
      try {
        docker.removeVolumeCmd(name).exec();
      } catch (NotFoundException e) {
        // Nobody has seen it, or another service was quicker.
      } catch (ConflictException e) {
        return false;
      }
    }
    return true;
  }
}
