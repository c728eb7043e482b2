/** Tests of the engine's room: with answers faked by hand, and against the real engine. */
@NullMarked
package dev.caisson.engine;

import org.jspecify.annotations.NullMarked;
