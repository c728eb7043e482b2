/** Tests of the life of sandboxes, with the world faked by hand at the ports. */
@NullMarked
package dev.caisson.sandbox;

import org.jspecify.annotations.NullMarked;
