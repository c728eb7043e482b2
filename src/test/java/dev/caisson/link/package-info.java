/** Tests of the life of sandboxes, with the world faked by hand at the ports. */
@NullMarked
package dev.caisson.link;

import org.jspecify.annotations.NullMarked;
