package dev.caisson.access;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of refusals at the front door. */
public enum AccessErrorCode implements ErrorCode {
  UNAUTHORIZED(
      ErrorKind.UNAUTHENTICATED,
      "The request has no valid key, and no grant for what it asks for.");

  private final ErrorKind kind;
  private final String meaning;

  AccessErrorCode(ErrorKind kind, String meaning) {
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
