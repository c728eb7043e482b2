package dev.caisson.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox's own loopback address, with the ports that its containers publish on it.
 *
 * @param engine the daemon's API, as a Docker client names it; null if that was not asked for
 */
record DockerForward(String host, @Nullable String engine, List<Port> ports) {

  /**
   * A published port.
   *
   * @param listener null if the host does not let the service listen, which {@code reason} explains
   */
  record Port(Published target, @Nullable Listener listener, @Nullable String reason) {}
}
