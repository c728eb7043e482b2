/** The other end of a connection, and what it is still to be told. */
@NullMarked
package dev.caisson.supervisor.peer;

import org.jspecify.annotations.NullMarked;
