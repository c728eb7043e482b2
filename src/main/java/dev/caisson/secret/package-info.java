/** Secrets in files of the state directory: written whole or not at all, read with suspicion. */
@ApplicationModule(
    displayName = "secret",
    allowedDependencies = {})
@NullMarked
package dev.caisson.secret;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
