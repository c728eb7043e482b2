/**
 * Shell sessions of a sandbox: commands one after the other, each a process of its own, that find
 * the directory and the variables which the one before has left. The noun is {@link
 * dev.caisson.session.Sessions}.
 */
@ApplicationModule(
    displayName = "session",
    allowedDependencies = {"process", "sandbox", "supervisor :: wire", "lifecycle"})
@NullMarked
package dev.caisson.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
