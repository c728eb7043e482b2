@NullMarked
package dev.caisson.registry;

import org.jspecify.annotations.NullMarked;
