/**
 * What must outlive containers: records of sandboxes and processes, events, archived output, and
 * what forgets them in time; and the sealed credentials of registries. It has no public type: it is
 * reached through the ports {@link dev.caisson.sandbox.History}, {@link
 * dev.caisson.registry.RegistryRecords} and {@link dev.caisson.template.TemplateStore}, and over
 * HTTP.
 */
@ApplicationModule(
    displayName = "history",
    allowedDependencies = {"sandbox", "registry", "template", "supervisor :: wire", "streams"})
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
