/** Tests of the processes room, with supervisors faked by hand. */
@NullMarked
package dev.caisson.process;

import org.jspecify.annotations.NullMarked;
