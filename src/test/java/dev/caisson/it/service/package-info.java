/** Tests of the service itself: its start, end, upgrade, faults and packages. */
@NullMarked
package dev.caisson.it.service;

import org.jspecify.annotations.NullMarked;
