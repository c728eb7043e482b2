/**
 * Certificates that this state directory signs by itself: for the port of Docker clients, and for
 * these clients. Other rooms say what a client's is good for.
 */
@ApplicationModule(
    displayName = "certificate",
    allowedDependencies = {"connection", "sandbox", "secret"})
@NullMarked
package dev.caisson.certificate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
