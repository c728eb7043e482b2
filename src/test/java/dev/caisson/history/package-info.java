/** Tests of what outlives containers, on each database that there is. */
@NullMarked
package dev.caisson.history;

import org.jspecify.annotations.NullMarked;
