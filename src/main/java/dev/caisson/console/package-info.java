/**
 * The console: what a browser is told with the files under {@code static/}, which are all of it.
 * They speak to the same REST interface as everybody else, and no other room knows of them.
 */
@ApplicationModule(
    displayName = "console",
    allowedDependencies = {"access"})
@NullMarked
package dev.caisson.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
