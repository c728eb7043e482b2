/**
 * The container engine behind the port {@link dev.caisson.sandbox.Engine}; the only room that
 * speaks docker-java.
 */
@ApplicationModule(
    displayName = "engine",
    allowedDependencies = {"host", "sandbox", "time"})
@NullMarked
package dev.caisson.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
