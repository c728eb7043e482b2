/** Tests of the streams room. */
@NullMarked
package dev.caisson.streams;

import org.jspecify.annotations.NullMarked;
