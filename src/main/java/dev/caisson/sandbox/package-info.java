/**
 * The sandbox: its identity, spec, shape and states, and the ports ({@link
 * dev.caisson.sandbox.Engine}, {@link dev.caisson.sandbox.Supervisors}, {@link
 * dev.caisson.sandbox.History}) through which it reaches the world.
 */
@ApplicationModule(
    displayName = "sandbox",
    allowedDependencies = {"error", "host", "supervisor :: wire"})
@NullMarked
package dev.caisson.sandbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
