/** The service's end of the wire: reaches the supervisor of each sandbox over its unix socket. */
@ApplicationModule(
    displayName = "link",
    allowedDependencies = {
      "sandbox",
      "supervisor :: journal",
      "supervisor :: system",
      "supervisor :: wire",
      "time"
    })
@NullMarked
package dev.caisson.link;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
