/**
 * Addresses of the service's own host that lead into a sandbox, for clients that speak no HTTP or
 * know no path. The noun is {@link dev.caisson.forward.Forwards}.
 */
@ApplicationModule(
    displayName = "forward",
    allowedDependencies = {
      "error",
      "sandbox",
      "docker",
      "proxy",
      "supervisor :: wire",
      "lifecycle"
    })
@NullMarked
package dev.caisson.forward;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
