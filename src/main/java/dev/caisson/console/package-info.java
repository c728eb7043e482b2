/**
 * The console: what a browser gets with the files under {@code static/}, which are all of it. They
 * speak to the same REST interface as all other clients, and no other room knows of them.
 */
@ApplicationModule(
    displayName = "console",
    allowedDependencies = {"access", "secret"})
@NullMarked
package dev.caisson.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
