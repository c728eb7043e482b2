package dev.caisson.registry;

import dev.caisson.error.CaissonException;
import dev.caisson.error.FieldError;

/** An error that concerns the credentials of registries. */
public abstract sealed class RegistryException extends CaissonException {

  private RegistryException(FieldError field) {
    super(field, null);
  }

  /**
   * A part of the request that makes no sense. The message never repeats a value that may be
   * secret.
   */
  public static final class Invalid extends RegistryException {
    /**
     * Creates an exception that says what is wrong.
     *
     * @param field of the body, or the name of a parameter
     */
    public Invalid(String field, String problem) {
      super(new FieldError(field, problem));
    }
  }
}
