/** Caisson: sandboxes over REST, each with a Docker daemon of its own. */
@NullMarked
package dev.caisson;

import org.jspecify.annotations.NullMarked;
