/** The common form of all errors that callers get: a code, a kind, and details. */
@ApplicationModule(
    displayName = "error",
    allowedDependencies = {})
@NullMarked
package dev.caisson.error;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
