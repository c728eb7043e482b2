package dev.caisson.error;

/**
 * A stable name by which programs recognise an error. Each room has an enum of its own codes; an
 * answer can also have a {@link RelayedCode}.
 */
public interface ErrorCode {
  /** Returns the code as it is in answers, such as {@code SANDBOX_NOT_FOUND}. */
  String name();

  ErrorKind kind();

  /** Returns what the code means, as a sentence for the documentation. */
  String meaning();
}
