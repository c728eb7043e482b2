package dev.caisson.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The permission that a token gives: one thing of one sandbox, for a while.
 *
 * @param id names it where its token must not be shown
 * @param port for which one it is, with that scope
 */
public record Grant(
    String id, String sandbox, Scope scope, @Nullable Integer port, Instant expiresAt) {

  /** The thing that is granted. */
  public enum Scope {
    /** The Docker Engine API of the sandbox's daemon. */
    DOCKER,
    /** HTTP to one port of the sandbox. */
    PORT
  }
}
