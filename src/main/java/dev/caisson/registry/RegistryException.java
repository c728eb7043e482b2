package dev.caisson.registry;

/** An error that concerns the credentials of registries. */
public abstract sealed class RegistryException extends RuntimeException {

  private RegistryException(String message) {
    super(message);
  }

  /**
   * A part of the request that makes no sense. The message never repeats a value that may be
   * secret.
   */
  public static final class Invalid extends RegistryException {
    /** A field of the body, or the name of a parameter. */
    public final String field;

    public Invalid(String field, String problem) {
      super(problem);
      this.field = field;
    }
  }
}
