/**
 * The Docker daemon of a sandbox as a resource, and the operations that are processes of the Docker
 * CLI. The noun is {@link dev.caisson.docker.Daemons}.
 */
@ApplicationModule(
    displayName = "docker",
    allowedDependencies = {
      "error",
      "access",
      "host",
      "sandbox",
      "process",
      "registry",
      "proxy",
      "supervisor :: wire",
      "streams",
      "lifecycle"
    })
@NullMarked
package dev.caisson.docker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
