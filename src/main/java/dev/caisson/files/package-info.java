/**
 * The file system of a sandbox: content both ways, lists, archives, search and watches. The noun is
 * {@link dev.caisson.files.SandboxFiles}.
 */
@ApplicationModule(
    displayName = "files",
    allowedDependencies = {
      "error",
      "archive",
      "sandbox",
      "supervisor :: wire",
      "streams",
      "lifecycle"
    })
@NullMarked
package dev.caisson.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
