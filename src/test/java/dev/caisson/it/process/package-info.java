/** Tests of processes: starts, output, terminals, sessions and ends. */
@NullMarked
package dev.caisson.it.process;

import org.jspecify.annotations.NullMarked;
