/**
 * The life of a sandbox: the one writer of each, its start and its end, what is adopted when the
 * service starts, and the HTTP edge. The noun is {@link dev.caisson.lifecycle.Sandboxes}.
 */
@ApplicationModule(
    displayName = "lifecycle",
    allowedDependencies = {"host", "sandbox", "secret", "supervisor :: wire", "time"})
@NullMarked
package dev.caisson.lifecycle;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
