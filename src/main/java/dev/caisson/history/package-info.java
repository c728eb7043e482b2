/**
 * The data that must outlive containers: records of sandboxes and processes, events, archived
 * output, and what forgets them in time; sealed credentials of registries, templates, grants and
 * public ports. It has no public type: it is reached through the ports {@link
 * dev.caisson.sandbox.History}, {@link dev.caisson.registry.RegistryRecords}, {@link
 * dev.caisson.template.TemplateStore}, {@link dev.caisson.access.GrantRecords} and that of public
 * ports, and over HTTP.
 */
@ApplicationModule(
    displayName = "history",
    allowedDependencies = {
      "access",
      "archive",
      "ports",
      "sandbox",
      "registry",
      "secret",
      "template",
      "supervisor :: wire",
      "streams",
      "lifecycle",
      "time"
    })
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
