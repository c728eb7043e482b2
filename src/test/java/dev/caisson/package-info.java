/** Tests of the whole. */
@NullMarked
package dev.caisson;

import org.jspecify.annotations.NullMarked;
