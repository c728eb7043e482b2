/** The kit on the engine: volumes filled from its images, and their keepers. */
@NullMarked
package dev.caisson.engine.kit;

import org.jspecify.annotations.NullMarked;
