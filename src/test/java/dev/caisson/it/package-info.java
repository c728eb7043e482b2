/** Tests against a packaged service and a real engine, and what they share. */
@NullMarked
package dev.caisson.it;

import org.jspecify.annotations.NullMarked;
