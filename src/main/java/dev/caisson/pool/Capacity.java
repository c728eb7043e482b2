package dev.caisson.pool;

import dev.caisson.sandbox.Engine;

/** The part of the host's memory that all pools together may take. */
final class Capacity {
  private final PoolProperties properties;
  private long taken;

  Capacity(PoolProperties properties) {
    this.properties = properties;
  }

  /** Takes the place of one more sandbox, and returns whether there was one. */
  synchronized boolean take(boolean docker, Engine.Host host) {
    long one = footprint(docker);
    if (taken + one > host.memory() * properties.memoryShare()) {
      return false;
    }
    taken += one;
    return true;
  }

  synchronized void give(boolean docker) {
    taken -= footprint(docker);
  }

  private long footprint(boolean docker) {
    return (docker ? properties.dockerFootprint() : properties.footprint()).toBytes();
  }
}
