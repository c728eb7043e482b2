/** Tests of the files room, with a supervisor faked by hand. */
@NullMarked
package dev.caisson.files;

import org.jspecify.annotations.NullMarked;
