/**
 * The program inside the sandbox: starts processes, journals their output, keeps the Docker daemon
 * alive. It uses {@code java.base} and its wire alone, since nothing else exists where it runs.
 */
@ApplicationModule(
    displayName = "supervisor",
    allowedDependencies = {})
@NullMarked
package dev.caisson.supervisor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
