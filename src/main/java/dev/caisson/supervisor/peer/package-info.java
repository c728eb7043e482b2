/** The other end of a connection, and the news that it is still to get. */
@NullMarked
package dev.caisson.supervisor.peer;

import org.jspecify.annotations.NullMarked;
