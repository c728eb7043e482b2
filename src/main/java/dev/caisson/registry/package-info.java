/**
 * The credentials of image registries, given once for all sandboxes of a key: sealed where they are
 * kept, handed to the supervisors of sandboxes with Docker, never returned. The noun is {@link
 * dev.caisson.registry.Registries}.
 */
@ApplicationModule(
    displayName = "registry",
    allowedDependencies = {"error", "sandbox", "secret", "supervisor :: wire", "lifecycle"})
@NullMarked
package dev.caisson.registry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
