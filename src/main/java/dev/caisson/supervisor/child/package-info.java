/**
 * Processes as the kernel knows them: spawned and reaped, with their pipes, terminals and trees.
 */
@NullMarked
package dev.caisson.supervisor.child;

import org.jspecify.annotations.NullMarked;
