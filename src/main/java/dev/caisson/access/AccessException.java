package dev.caisson.access;

import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;
import java.util.Map;

/** A refusal at the front door, before any handler has seen the request. */
public abstract sealed class AccessException extends CaissonException {
  private AccessException(String message) {
    // Docker's clients show the field of this name.
    super(AccessErrorCode.UNAUTHORIZED, Map.of("message", message), message, null);
  }

  private AccessException(FieldError field) {
    super(field, null);
  }

  /** A request that brought no key or grant for what it asks for. */
  public static final class Unauthorized extends AccessException {
    Unauthorized(String message) {
      super(message);
    }
  }

  /**
   * A request of a Docker client that has dropped the part of its address that says whose daemon it
   * means.
   */
  public static final class PathLost extends AccessException {
    PathLost() {
      super(
          "This Docker client has dropped the path or the header of its address, or never had one."
              + " Use an address without a path: run 'caisson forward SANDBOX 2375:engine' and set"
              + " DOCKER_HOST=tcp://127.0.0.1:2375, or, if the service has a domain and TLS, use the"
              + " host name from GET /v1/sandboxes/SANDBOX/docker/connect");
    }
  }

  /** A request whose path can be read in more ways than one. */
  public static final class Disguised extends AccessException {
    /**
     * @param message what is wrong with it, without the path itself
     */
    public Disguised(String message) {
      super(new FieldError("path", message));
    }
  }
}
