/**
 * Certificates that this state directory signs by itself: for the port of Docker clients, and for
 * these clients. What one of a client is good for, others say.
 */
@ApplicationModule(
    displayName = "certificate",
    allowedDependencies = {"connection", "sandbox", "secret"})
@NullMarked
package dev.caisson.certificate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
