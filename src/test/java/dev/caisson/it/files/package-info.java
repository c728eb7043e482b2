/** Tests of the file system of a sandbox. */
@NullMarked
package dev.caisson.it.files;

import org.jspecify.annotations.NullMarked;
