/** What every error that a caller is answered with has: a code, a kind, and details. */
@ApplicationModule(
    displayName = "error",
    allowedDependencies = {})
@NullMarked
package dev.caisson.error;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
