/** Tests of the console in a browser. */
@NullMarked
package dev.caisson.it.console;

import org.jspecify.annotations.NullMarked;
