package dev.caisson.files;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern files; system errors have their own. */
public enum FileErrorCode implements ErrorCode {
  FILE_EXISTS(ErrorKind.PRECONDITION, "The file exists, and the request has `If-None-Match: *`."),
  BAD_CONTENT(ErrorKind.INVALID, "The content is incomplete, or is not a valid archive."),
  TOO_MANY_SEARCHES(
      ErrorKind.TOO_MANY, "As many searches as allowed are in progress in the sandbox.");

  private final ErrorKind kind;
  private final String meaning;

  FileErrorCode(ErrorKind kind, String meaning) {
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
