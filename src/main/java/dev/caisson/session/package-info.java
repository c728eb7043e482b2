/**
 * Shell sessions of a sandbox: commands one after the other, each a process of its own, which find
 * the directory and the variables as the one before has left them. The noun is {@link
 * dev.caisson.session.Sessions}.
 */
@ApplicationModule(
    displayName = "session",
    allowedDependencies = {"error", "process", "sandbox", "supervisor :: wire", "lifecycle"})
@NullMarked
package dev.caisson.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
