/** Processes as a caller knows them: started under a name, tried again, ready, listed, found. */
@NullMarked
package dev.caisson.supervisor.process;

import org.jspecify.annotations.NullMarked;
