/**
 * Answers that go on until something ends them: event streams, followed output, long waits; and the
 * part of a content that an answer has.
 */
@ApplicationModule(
    displayName = "streams",
    allowedDependencies = {"connection"})
@NullMarked
package dev.caisson.streams;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
