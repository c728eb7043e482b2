/** Tests of the boundary around a sandbox, in every mode that the host has. */
@NullMarked
package dev.caisson.it.isolation;

import org.jspecify.annotations.NullMarked;
