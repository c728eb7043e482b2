/** Images on the engine: references, registries that may be asked, and pulls. */
@NullMarked
package dev.caisson.engine.image;

import org.jspecify.annotations.NullMarked;
