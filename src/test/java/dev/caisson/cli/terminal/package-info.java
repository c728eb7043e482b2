/** Tests of the room cli.terminal. */
@NullMarked
package dev.caisson.cli.terminal;

import org.jspecify.annotations.NullMarked;
