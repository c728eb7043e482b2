/** What sandboxes use, told as it is measured. The noun is {@link dev.caisson.usage.Usages}. */
@ApplicationModule(
    displayName = "usage",
    allowedDependencies = {"sandbox", "streams", "lifecycle"})
@NullMarked
package dev.caisson.usage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
