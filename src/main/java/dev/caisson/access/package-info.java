/** Who calls: keys today; tenants, quotas and an audit later. */
@ApplicationModule(
    displayName = "access",
    allowedDependencies = {})
@NullMarked
package dev.caisson.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
