/**
 * What must outlive containers: records of sandboxes and processes, events, archived output, and
 * what forgets them in time. It has no public type: it is reached through the ports {@link
 * dev.caisson.sandbox.History} and {@link dev.caisson.access.GrantRecords}, and over HTTP.
 */
@ApplicationModule(
    displayName = "history",
    allowedDependencies = {"access", "ports", "sandbox", "supervisor :: wire", "streams"})
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
