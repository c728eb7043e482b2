/**
 * Sandboxes that are up before a caller asks for them: how many of which shape, made and replaced
 * as they are taken; implements {@link dev.caisson.sandbox.Pool}.
 */
@ApplicationModule(
    displayName = "pool",
    allowedDependencies = {"sandbox", "lifecycle", "time"})
@NullMarked
package dev.caisson.pool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
