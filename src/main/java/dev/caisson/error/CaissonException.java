package dev.caisson.error;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that a caller is answered with: the root of every room's family of exceptions. */
public abstract class CaissonException extends RuntimeException {
  private final ErrorCode code;
  private final Map<String, Object> details;
  private final List<FieldError> fields;

  /**
   * Creates an error.
   *
   * @param details the additional fields of the answer, by their names
   * @param message what is wrong and what to do, for a person
   */
  protected CaissonException(
      ErrorCode code, Map<String, ?> details, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = Map.copyOf(details);
    this.fields = List.of();
  }

  /** Creates an error of a field or parameter of the request; its message is the exception's. */
  protected CaissonException(FieldError field, @Nullable Throwable cause) {
    super(field.message(), cause);
    this.code = CommonErrorCode.INVALID_REQUEST;
    this.details = Map.of();
    this.fields = List.of(field);
  }

  public final ErrorCode code() {
    return code;
  }

  /** Returns the additional fields of the answer. */
  public final Map<String, Object> details() {
    return details;
  }

  /** Returns the fields of the request that are not valid; none if that is not the error. */
  public final List<FieldError> fields() {
    return fields;
  }
}
