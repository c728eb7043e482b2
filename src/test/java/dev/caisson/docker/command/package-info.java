/** Tests of the room docker.command. */
@NullMarked
package dev.caisson.docker.command;

import org.jspecify.annotations.NullMarked;
