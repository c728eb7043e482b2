package dev.caisson.session;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern sessions. */
public enum SessionErrorCode implements ErrorCode {
  SESSION_NOT_FOUND(ErrorKind.MISSING, "The sandbox has no such session."),
  SESSION_EXISTS(ErrorKind.CONFLICT, "The sandbox already has a session of this name."),
  SESSION_NOT_MADE(ErrorKind.IMPOSSIBLE, "The session could not start; see `reason`.");

  private final ErrorKind kind;
  private final String meaning;

  SessionErrorCode(ErrorKind kind, String meaning) {
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
