/** Tests of the docker room, with sandboxes faked by hand. */
@NullMarked
package dev.caisson.docker;

import org.jspecify.annotations.NullMarked;
