package dev.caisson.ports;

import dev.caisson.sandbox.SandboxId;

/** A port of a sandbox, with or without a listener. */
public record Port(SandboxId sandbox, int number) {
  private static final int LAST = 65_535;

  public Port {
    if (number < 1 || number > LAST) {
      throw new IllegalArgumentException("not a port: " + number);
    }
  }

  /** Returns whether there can be a port of this number. */
  static boolean isPort(long number) {
    return number >= 1 && number <= LAST;
  }

  @Override
  public String toString() {
    return number + " of " + sandbox;
  }
}
