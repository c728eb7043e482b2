/** Tests of the Docker daemon of a sandbox, by its own clients. */
@NullMarked
package dev.caisson.it.docker;

import org.jspecify.annotations.NullMarked;
