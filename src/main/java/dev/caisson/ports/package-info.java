/**
 * The listeners in a sandbox, and the ways to reach them: HTTP below a path or under a host name of
 * its own, and bytes over a WebSocket. The noun is {@link dev.caisson.ports.Ports}.
 */
@ApplicationModule(
    displayName = "ports",
    allowedDependencies = {
      "error",
      "sandbox",
      "proxy",
      "streams",
      "access",
      "supervisor :: wire",
      "lifecycle"
    })
@NullMarked
package dev.caisson.ports;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
