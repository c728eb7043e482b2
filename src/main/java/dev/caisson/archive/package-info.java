/** Tar archives from strangers, read within bounds: callers send them, and sandboxes leave them. */
@ApplicationModule(
    displayName = "archive",
    allowedDependencies = {"streams", "supervisor :: wire"})
@NullMarked
package dev.caisson.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
