/**
 * The abilities of the engine's host, looked at before anything is promised: facts, the modes that
 * follow from them, and what is chosen of them, each with its reason.
 */
@ApplicationModule(
    displayName = "host",
    allowedDependencies = {"time"})
@NullMarked
package dev.caisson.host;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
