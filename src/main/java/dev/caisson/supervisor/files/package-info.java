/** The file system of the sandbox, by names that are bytes. */
@NullMarked
package dev.caisson.supervisor.files;

import org.jspecify.annotations.NullMarked;
