/**
 * The callers: their keys, and {@link dev.caisson.access.Grants} for those that have none; tenants,
 * quotas and an audit later.
 */
@ApplicationModule(
    displayName = "access",
    allowedDependencies = {
      "error",
      "certificate",
      "connection",
      "sandbox",
      "secret",
      "streams",
      "lifecycle",
      "time"
    })
@NullMarked
package dev.caisson.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
