/** Tests of the room engine.client. */
@NullMarked
package dev.caisson.engine.client;

import org.jspecify.annotations.NullMarked;
