/**
 * The messages between the service and a supervisor: records typed by their answer, one codec, one
 * frame format.
 */
@NullMarked
@org.springframework.modulith.NamedInterface("wire")
package dev.caisson.supervisor.wire;

import org.jspecify.annotations.NullMarked;
