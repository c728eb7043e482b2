package dev.caisson.forward;

import dev.caisson.sandbox.Tunnel;

/** The way to the target of a listener; throws if it cannot be reached now. */
@FunctionalInterface
interface Dialer {
  Tunnel dial();
}
