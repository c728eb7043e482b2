/** Tests of the room engine.network. */
@NullMarked
package dev.caisson.engine.network;

import org.jspecify.annotations.NullMarked;
