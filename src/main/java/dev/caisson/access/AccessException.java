package dev.caisson.access;

/** A refusal at the front door, before any handler has seen the request. */
public abstract sealed class AccessException extends RuntimeException {
  private AccessException(String message) {
    super(message);
  }

  /** A request that brought no key or grant for what it asks for. */
  public static final class Unauthorized extends AccessException {
    Unauthorized(String message) {
      super(message);
    }
  }

  /** A request whose path can be read in more ways than one. */
  public static final class Disguised extends AccessException {
    /**
     * @param message what is wrong with it, without the path itself
     */
    public Disguised(String message) {
      super(message);
    }
  }
}
