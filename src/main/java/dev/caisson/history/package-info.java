/**
 * What must outlive containers: records of sandboxes and processes, events, archived output, and
 * what forgets them in time; and the sealed credentials of registries. It has no public type: it is
 * reached through the ports {@link dev.caisson.sandbox.History} and {@link
 * dev.caisson.registry.RegistryRecords}, and over HTTP.
 */
@ApplicationModule(
    displayName = "history",
    allowedDependencies = {"sandbox", "registry", "supervisor :: wire", "streams"})
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
