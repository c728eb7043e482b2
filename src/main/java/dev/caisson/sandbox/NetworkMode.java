package dev.caisson.sandbox;

/** The network that a sandbox can reach. */
public enum NetworkMode {
  /** The engine's bridge network, and through it the world. */
  OPEN,
  /** Nothing but itself. */
  NONE
}
