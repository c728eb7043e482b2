/**
 * Named creates, with images that are there before a daemon of theirs starts. The noun is {@link
 * dev.caisson.template.TemplateCatalog}.
 */
@ApplicationModule(
    displayName = "template",
    allowedDependencies = {
      "error",
      "host",
      "sandbox",
      "pool",
      "process",
      "docker",
      "registry",
      "supervisor :: wire",
      "lifecycle",
      "time"
    })
@NullMarked
package dev.caisson.template;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
