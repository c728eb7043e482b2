/**
 * What the supervisor stands on: the C library, the kernel's files, users and signals, its memory,
 * its clock and its log.
 */
@NullMarked
package dev.caisson.supervisor.system;

import org.jspecify.annotations.NullMarked;
