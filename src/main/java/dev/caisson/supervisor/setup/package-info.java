/**
 * The preparation of a sandbox for its daemons, and the examination of a host by the same steps.
 */
@NullMarked
package dev.caisson.supervisor.setup;

import org.jspecify.annotations.NullMarked;
