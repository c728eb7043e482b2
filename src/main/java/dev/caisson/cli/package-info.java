/**
 * The command line: what a person does with a service, over its HTTP interface alone. It runs in a
 * program of its own and shares nothing with the service but the jar.
 */
@ApplicationModule(
    displayName = "cli",
    allowedDependencies = {})
@NullMarked
package dev.caisson.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
