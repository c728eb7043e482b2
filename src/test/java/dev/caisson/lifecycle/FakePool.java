package dev.caisson.lifecycle;

import dev.caisson.sandbox.DockerVersions;
import dev.caisson.sandbox.Pool;
import dev.caisson.sandbox.PooledSandbox;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A pool that has what a test puts into it, and says what it heard. */
final class FakePool implements Pool {
  final Deque<PooledSandbox> spares = new ArrayDeque<>();
  final Set<SandboxId> held = ConcurrentHashMap.newKeySet();
  final List<SandboxId> died = new CopyOnWriteArrayList<>();

  void add(PooledSandbox spare) {
    held.add(spare.id());
    spares.add(spare);
  }

  @Override
  public Taken take(Shape wanted, DockerVersions versions) {
    PooledSandbox spare = spares.poll();
    return new Taken(spare, spare == null ? "EMPTY" : null);
  }

  @Override
  public void settled(SandboxId id) {
    held.remove(id);
  }

  @Override
  public boolean holds(SandboxId id) {
    return held.contains(id);
  }

  @Override
  public void died(SandboxId id) {
    died.add(id);
  }

  @Override
  public void imagesChanged() {
    // Nothing here has an image.
  }
}
