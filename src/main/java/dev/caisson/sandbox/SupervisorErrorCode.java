package dev.caisson.sandbox;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors in the communication with a sandbox's supervisor. */
public enum SupervisorErrorCode implements ErrorCode {
  SUPERVISOR_LOST(ErrorKind.UPSTREAM, "The connection to the supervisor of the sandbox is lost."),
  SUPERVISOR_TOO_OLD(
      ErrorKind.CONFLICT,
      "The sandbox is older than the service and does not support the request; see `lacks`."),
  SUPERVISOR_TOO_NEW(
      ErrorKind.UNSUPPORTED,
      "The sandbox is newer than the service, which does not know the answer.");

  private final ErrorKind kind;
  private final String meaning;

  SupervisorErrorCode(ErrorKind kind, String meaning) {
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
