package dev.caisson.pool;

import dev.caisson.sandbox.Engine;

/** What all pools together may take of the host's memory. */
final class Capacity {
  private final PoolProperties properties;
  private long taken;

  Capacity(PoolProperties properties) {
    this.properties = properties;
  }

  /** Takes the place of one more, if there is one. */
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
