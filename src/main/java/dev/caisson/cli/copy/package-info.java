/** The two ends of a copy: places, and the tar archives between them. */
@NullMarked
package dev.caisson.cli.copy;

import org.jspecify.annotations.NullMarked;
