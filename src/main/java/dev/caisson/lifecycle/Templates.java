package dev.caisson.lifecycle;

import org.jspecify.annotations.Nullable;

/** The templates from which creates may be completed. */
public interface Templates {

  /**
   * Returns the template of this name.
   *
   * @throws RuntimeException of the templates' room, if there is none or it is not ready
   */
  Template get(String name);

  /**
   * A create that others are completed from.
   *
   * @param images volume with the images of its daemon, null for none
   * @param isolation in which that was filled: the files belong to its root
   */
  record Template(SandboxCreation creation, @Nullable String images, @Nullable String isolation) {}
}
