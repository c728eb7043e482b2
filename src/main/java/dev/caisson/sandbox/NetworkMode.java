package dev.caisson.sandbox;

/** What a sandbox can reach. */
public enum NetworkMode {
  /** The engine's bridge network, and through it the world. */
  OPEN,
  /** Nothing but itself. */
  NONE
}
