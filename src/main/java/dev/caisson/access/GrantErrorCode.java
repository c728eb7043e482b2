package dev.caisson.access;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern grants. */
public enum GrantErrorCode implements ErrorCode {
  GRANT_NOT_FOUND(
      ErrorKind.MISSING, "The sandbox has no such grant, or the grant has expired or was revoked."),
  CERTIFICATES_DISABLED(ErrorKind.FORBIDDEN, "The service has no port for client certificates."),
  TOO_MANY_GRANTS(ErrorKind.CONFLICT, "The sandbox has as many grants as it may have.");

  private final ErrorKind kind;
  private final String meaning;

  GrantErrorCode(ErrorKind kind, String meaning) {
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
