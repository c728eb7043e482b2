/** The terminal of the command line, and a process attached to it. */
@NullMarked
package dev.caisson.cli.terminal;

import org.jspecify.annotations.NullMarked;
