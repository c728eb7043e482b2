/** Tests of the room engine.kit. */
@NullMarked
package dev.caisson.engine.kit;

import org.jspecify.annotations.NullMarked;
