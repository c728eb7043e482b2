/**
 * The client of the engine: its operations with their deadlines, its errors and its API version.
 */
@NullMarked
package dev.caisson.engine.client;

import org.jspecify.annotations.NullMarked;
