/** Tests of the access room, with records in memory. */
@NullMarked
package dev.caisson.access;

import org.jspecify.annotations.NullMarked;
