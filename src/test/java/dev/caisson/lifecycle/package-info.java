/** Tests of the lifecycle room, with an engine and supervisors in memory. */
@NullMarked
package dev.caisson.lifecycle;

import org.jspecify.annotations.NullMarked;
