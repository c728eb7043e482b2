/** Tests of the forward room, with sandboxes faked by hand. */
@NullMarked
package dev.caisson.forward;

import org.jspecify.annotations.NullMarked;
