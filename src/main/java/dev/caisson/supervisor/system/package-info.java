/**
 * The base of the supervisor: the C library, the kernel's files, users and signals, its memory, its
 * clock and its log.
 */
@NullMarked
package dev.caisson.supervisor.system;

import org.jspecify.annotations.NullMarked;
