/**
 * The resources that sandboxes use, sent on as they are measured. The noun is {@link
 * dev.caisson.usage.Usages}.
 */
@ApplicationModule(
    displayName = "usage",
    allowedDependencies = {"sandbox", "streams", "lifecycle"})
@NullMarked
package dev.caisson.usage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
