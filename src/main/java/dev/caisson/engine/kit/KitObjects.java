package dev.caisson.engine.kit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.util.ArrayList;
import java.util.List;

/** The volumes and containers that hold kits, while other services do the same with them. */
public record KitObjects(DockerClient docker) {
  /** The suffix to the name of a container whose volume is not whole yet. */
  static final String FILLING = "-filling";

  /** Returns whether the engine is done with making this container. */
  boolean exists(String container) {
    try {
      docker.inspectContainerCmd(container).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * Returns the containers that mount a volume or see it read-only; the engine lists those that it
   * still makes, too.
   */
  List<Container> users(String volume) {
    List<Container> users = new ArrayList<>();
    for (String name : List.of(volume, volume + ReadOnlyVolume.SUFFIX)) {
      users.addAll(
          docker.listContainersCmd().withShowAll(true).withVolumeFilter(List.of(name)).exec());
    }
    return users;
  }

  /**
   * Removes a container, which is gone in any case afterwards unless it runs, as none of ours does.
   */
  void removeContainer(String container) {
    try {
      docker.removeContainerCmd(container).exec();
    } catch (NotFoundException | ConflictException e) {
      // Another service was quicker.
    }
  }

  /**
   * Removes a volume and returns whether it is gone, which it is not if something uses it. What
   * shows it to sandboxes goes first: while they have that, the volume itself looks unused to the
   * engine.
   */
  public boolean removeVolume(String volume) {
    for (String name : List.of(volume + ReadOnlyVolume.SUFFIX, volume)) {
      try {
        docker.removeVolumeCmd(name).exec();
      } catch (NotFoundException e) {
        // It was never made, or another service was quicker.
      } catch (ConflictException e) {
        return false;
      }
    }
    return true;
  }
}
