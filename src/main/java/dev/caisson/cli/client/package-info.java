/** The REST client of the command line: the service, its settings, its answers and its errors. */
@NullMarked
package dev.caisson.cli.client;

import org.jspecify.annotations.NullMarked;
