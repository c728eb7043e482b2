/** Output on disk: the format, its writer and its readers, and the records beside it. */
@NullMarked
package dev.caisson.supervisor.journal;

import org.jspecify.annotations.NullMarked;
