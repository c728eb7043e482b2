/** Tests of pools. */
@NullMarked
package dev.caisson.pool;

import org.jspecify.annotations.NullMarked;
