package dev.caisson.access;

/** What keeps a request out. */
public abstract sealed class AccessException extends RuntimeException {
  private AccessException(String message) {
    super(message);
  }

  /** Nothing that it brought opens what it asks for. */
  public static final class Unauthorized extends AccessException {
    Unauthorized(String message) {
      super(message);
    }
  }

  /** Its path can be read in more ways than one. */
  public static final class Disguised extends AccessException {
    /**
     * @param message what is wrong with it, without the path itself
     */
    public Disguised(String message) {
      super(message);
    }
  }
}
