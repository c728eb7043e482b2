/** Tests of the room usage. */
@NullMarked
package dev.caisson.usage;

import org.jspecify.annotations.NullMarked;
