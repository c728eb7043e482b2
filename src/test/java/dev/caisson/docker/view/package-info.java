/** Tests of the room docker.view. */
@NullMarked
package dev.caisson.docker.view;

import org.jspecify.annotations.NullMarked;
