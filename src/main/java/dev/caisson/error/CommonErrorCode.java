package dev.caisson.error;

/** The codes that more than one room has. */
public enum CommonErrorCode implements ErrorCode {
  INVALID_REQUEST(ErrorKind.INVALID, "A field or parameter is not valid; `errors` names each."),
  NO_SUCH_RANGE(ErrorKind.OUT_OF_RANGE, "The content has no byte in the requested range."),
  IDEMPOTENCY_KEY_REUSED(
      ErrorKind.IMPOSSIBLE, "The `Idempotency-Key` was used for a different request."),
  BODY_TOO_LARGE(ErrorKind.TOO_LARGE, "The JSON body is larger than any may be; see `most`."),
  INTERNAL(ErrorKind.INTERNAL, "The service has a fault; its log has the details.");

  private final ErrorKind kind;
  private final String meaning;

  CommonErrorCode(ErrorKind kind, String meaning) {
    this.kind = kind;
    this.meaning = meaning;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
