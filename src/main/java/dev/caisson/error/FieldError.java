package dev.caisson.error;

/**
 * The description of a field or parameter that is not valid.
 *
 * @param field its path, such as {@code resources.memory}, or the parameter's name
 * @param message a sentence without its subject, such as "must be at least 64Mi"
 */
public record FieldError(String field, String message) {
  /** Returns both as a sentence. */
  public String sentence() {
    return field + " " + message;
  }
}
