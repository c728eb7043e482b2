/** Networks and cgroups of sandboxes on the engine. */
@NullMarked
package dev.caisson.engine.network;

import org.jspecify.annotations.NullMarked;
