@NullMarked
package dev.caisson.secret;

import org.jspecify.annotations.NullMarked;
