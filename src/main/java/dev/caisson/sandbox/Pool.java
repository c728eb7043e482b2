package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/** A pool of sandboxes that were brought up before any caller asked for them. */
public interface Pool {
  /** A pool in which nothing is ever ready. */
  Pool NONE =
      new Pool() {
        @Override
        public Taken take(Shape wanted, DockerVersions versions) {
          return new Taken(null, null);
        }

        @Override
        public void settled(SandboxId id) {
          // It has none.
        }

        @Override
        public boolean holds(SandboxId id) {
          return false;
        }

        @Override
        public void died(SandboxId id) {
          // It has none.
        }

        @Override
        public void imagesChanged() {
          // It has none.
        }
      };

  /**
   * Takes a sandbox of this shape, which no other caller gets then, or says why there is none. The
   * sandbox is still held until it is {@link #settled}.
   *
   * @param versions of Docker that there are, of which a pool has one as well
   */
  Taken take(Shape wanted, DockerVersions versions);

  /** Ends the hold on a sandbox that was taken, and has a keeper now or is gone. */
  void settled(SandboxId id);

  /** Returns whether this sandbox is in the pool, about to be, or was just taken. */
  boolean holds(SandboxId id);

  /** Handles the end of this sandbox's container. */
  void died(SandboxId id);

  /**
   * Handles images that were tagged, pulled or removed: a sandbox that is up may be of an old one.
   */
  void imagesChanged();

  /**
   * The outcome of a {@link Pool#take}.
   *
   * @param miss why there is none, where a pool might have had one: {@code EMPTY}, or in what they
   *     differ; null if no pool has that image
   */
  record Taken(@Nullable PooledSandbox spare, @Nullable String miss) {}
}
