/** The helper that gives the Docker CLI its registry passwords, and the socket it asks. */
@NullMarked
package dev.caisson.supervisor.credential;

import org.jspecify.annotations.NullMarked;
