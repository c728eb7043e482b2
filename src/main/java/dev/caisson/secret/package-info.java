/**
 * Secrets in files of the state directory, written whole or not at all and read with suspicion; and
 * the hash under which secrets are kept and compared.
 */
@ApplicationModule(
    displayName = "secret",
    allowedDependencies = {})
@NullMarked
package dev.caisson.secret;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
