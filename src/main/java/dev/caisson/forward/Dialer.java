package dev.caisson.forward;

import dev.caisson.sandbox.Tunnel;

/** How to reach what a listener leads to; throws if it cannot be reached now. */
@FunctionalInterface
interface Dialer {
  Tunnel dial();
}
