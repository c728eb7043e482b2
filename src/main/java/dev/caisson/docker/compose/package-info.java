/** Compose projects: up, down, logs and ps, as processes of a sandbox. */
@NullMarked
package dev.caisson.docker.compose;

import org.jspecify.annotations.NullMarked;
