@NullMarked
package dev.caisson.time;

import org.jspecify.annotations.NullMarked;
