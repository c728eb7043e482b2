@NullMarked
package dev.caisson.archive;

import org.jspecify.annotations.NullMarked;
