/**
 * What must outlive containers: records of sandboxes and processes, events, archived output, and
 * what forgets them in time. It has no public type: it is reached through the port {@link
 * dev.caisson.sandbox.History}, and over HTTP.
 */
@ApplicationModule(
    displayName = "history",
    allowedDependencies = {"sandbox", "supervisor :: wire", "streams", "ports"})
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
