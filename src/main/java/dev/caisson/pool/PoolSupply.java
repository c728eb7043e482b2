package dev.caisson.pool;

import dev.caisson.lifecycle.PooledSandboxes;
import dev.caisson.sandbox.EngineException;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxSpec;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The supply of sandboxes for all pools: makes a few at a time, within the capacity, and knows the
 * ids of all that are held, being made, or just taken.
 */
final class PoolSupply {
  private final PooledSandboxes spares;
  private final Capacity capacity;
  private final Semaphore refills =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
  private final Set<SandboxId> ids = ConcurrentHashMap.newKeySet();

  PoolSupply(PooledSandboxes spares, Capacity capacity) {
    this.spares = spares;
    this.capacity = capacity;
  }

  /**
   * Reserves the place of one more sandbox, and returns whether there was one; {@link #release}
   * gives it back.
   */
  boolean reserve(SandboxSpec spec) {
    try {
      return capacity.take(spec.docker(), spares.host());
    } catch (EngineException e) {
      // It is filled when the engine is back.
      return false;
    }
  }

  /** Gives back the place of a sandbox that was taken, or did not come to be. */
  void release(SandboxSpec spec) {
    capacity.give(spec.docker());
  }

  /** Notes the id of a sandbox that is about to be made; {@link #settled} forgets it. */
  void announce(SandboxId id) {
    ids.add(id);
  }

  /**
   * Makes a sandbox when it is its turn.
   *
   * @param refill records how long that takes, from its turn on
   * @param bad run when the sandbox is no longer good
   */
  PooledSandbox make(
      SandboxId id, SandboxSpec spec, @Nullable Isolation isolation, Timer refill, Runnable bad)
      throws InterruptedException {
    refills.acquire();
    try {
      spares.awaitTurn();
      long from = System.nanoTime();
      PooledSandbox made = spares.make(id, spec, isolation, bad);
      refill.record(System.nanoTime() - from, TimeUnit.NANOSECONDS);
      return made;
    } finally {
      refills.release();
    }
  }

  /** Returns whether a sandbox made now would have the same image and kit. */
  boolean isCurrent(PooledSandbox spare) {
    return spares.isCurrent(spare);
  }

  /** Removes a sandbox when no create is there, and gives back its place. */
  void retire(PooledSandbox spare, SandboxSpec spec) {
    try {
      spares.removeInQuiet(spare);
    } finally {
      settled(spare, spec);
    }
  }

  /** Removes a sandbox at once, and gives back its place. */
  void discard(PooledSandbox spare, SandboxSpec spec) {
    try {
      spares.remove(spare);
    } finally {
      settled(spare, spec);
    }
  }

  private void settled(PooledSandbox spare, SandboxSpec spec) {
    release(spec);
    settled(spare.id());
  }

  /** Returns whether a pool has this sandbox, makes it, or has just given it away. */
  boolean holds(SandboxId id) {
    return ids.contains(id);
  }

  /** Forgets the id of a sandbox that is no pool's any more. */
  void settled(SandboxId id) {
    ids.remove(id);
  }
}
