package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/** Sandboxes that were brought up before anybody asked for them. */
public interface Pool {
  /** Nothing is ever ready in it. */
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
   * One that is of this shape, which is nobody else's then, or why there is none. It is still held
   * until it is {@link #settled}.
   *
   * @param versions of Docker that there are, of which a pool has one as well
   */
  Taken take(Shape wanted, DockerVersions versions);

  /** One that was taken has a keeper, or is gone. */
  void settled(SandboxId id);

  /** Whether this one is in it, about to be, or was just taken. */
  boolean holds(SandboxId id);

  /** The container of this one has ended. */
  void died(SandboxId id);

  /** Images were tagged, pulled or removed: what is up may be of an old one. */
  void imagesChanged();

  /**
   * What a pool gave.
   *
   * @param miss why there is none, where a pool might have had one: {@code EMPTY}, or in what they
   *     differ; null if no pool has that image
   */
  record Taken(@Nullable PooledSandbox spare, @Nullable String miss) {}
}
