/**
 * The processes of a sandbox: start and wait, their output again and again, signals. The noun is
 * {@link dev.caisson.process.Processes}.
 */
@ApplicationModule(
    displayName = "process",
    allowedDependencies = {
      "error",
      "sandbox",
      "secret",
      "supervisor :: wire",
      "streams",
      "lifecycle"
    })
@NullMarked
package dev.caisson.process;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
