/**
 * The proxy that passes HTTP on to a listener in a sandbox, upgrades included. The noun is {@link
 * dev.caisson.proxy.Proxy}.
 */
@ApplicationModule(
    displayName = "proxy",
    allowedDependencies = {"error", "connection", "sandbox", "streams", "time"})
@NullMarked
package dev.caisson.proxy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
