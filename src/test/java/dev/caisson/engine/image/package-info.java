/** Tests of the room engine.image. */
@NullMarked
package dev.caisson.engine.image;

import org.jspecify.annotations.NullMarked;
