package dev.caisson.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox's own loopback address, with what its containers publish on it.
 *
 * @param engine its daemon's API, as a Docker client names it; null if that was not asked for
 */
record DockerForward(String host, @Nullable String engine, List<Port> ports) {

  /**
   * A published port.
   *
   * @param listener null if the host does not let it listen, which {@code reason} explains
   */
  record Port(Published target, @Nullable Listener listener, @Nullable String reason) {}
}
