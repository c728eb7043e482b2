@NullMarked
package dev.caisson.ports;

import org.jspecify.annotations.NullMarked;
