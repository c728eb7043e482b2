/** Tests of the command line, of generated clients and of the contract. */
@NullMarked
package dev.caisson.it.client;

import org.jspecify.annotations.NullMarked;
