/**
 * Connections of clients, before anything is asked by them: how many one address has, how long a
 * head takes, and whether a client is still there.
 */
@ApplicationModule(
    displayName = "connection",
    allowedDependencies = {})
@NullMarked
package dev.caisson.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
