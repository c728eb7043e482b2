/**
 * What a sandbox is and how it lives: its identity, spec and states, the one writer of each, the
 * registry, and the ports ({@link dev.caisson.sandbox.Engine}, {@link
 * dev.caisson.sandbox.Supervisors}, {@link dev.caisson.sandbox.History}) through which it reaches
 * the world.
 */
@ApplicationModule(
    displayName = "sandbox",
    allowedDependencies = {"host", "secret", "supervisor :: wire"})
@NullMarked
package dev.caisson.sandbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
