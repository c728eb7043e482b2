/** The passing of time while a thread waits: for how long, how often, and for what is due. */
@ApplicationModule(
    displayName = "time",
    allowedDependencies = {})
@NullMarked
package dev.caisson.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
