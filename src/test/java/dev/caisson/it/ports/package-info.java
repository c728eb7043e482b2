/** Tests of ports of a sandbox, by path, by host name and by tunnel. */
@NullMarked
package dev.caisson.it.ports;

import org.jspecify.annotations.NullMarked;
