package dev.caisson.forward;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern forwards. */
public enum ForwardErrorCode implements ErrorCode {
  FORWARD_NOT_FOUND(ErrorKind.MISSING, "The forward does not exist, or is closed."),
  FORWARDS_DISABLED(ErrorKind.FORBIDDEN, "The operator has disabled forwards."),
  TOO_MANY_FORWARDS(ErrorKind.CONFLICT, "The sandbox has as many forwards as it may have."),
  CANNOT_LISTEN(ErrorKind.CONFLICT, "The service cannot listen on the address.");

  private final ErrorKind kind;
  private final String meaning;

  ForwardErrorCode(ErrorKind kind, String meaning) {
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
