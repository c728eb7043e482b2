package dev.caisson.process;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern processes. */
public enum ProcessErrorCode implements ErrorCode {
  PROCESS_NOT_FOUND(
      ErrorKind.MISSING, "The process does not exist, or its record is no longer kept."),
  PROCESS_ENDED(ErrorKind.CONFLICT, "The process has ended."),
  NAME_TAKEN(ErrorKind.CONFLICT, "A running process has this name."),
  NO_TERMINAL(ErrorKind.CONFLICT, "The process has no terminal."),
  INPUT_CLOSED(ErrorKind.CONFLICT, "The input of the process is closed, or was never open."),
  INPUT_GAP(
      ErrorKind.CONFLICT, "The offset is beyond the input that the process was given so far."),
  INPUT_FULL(
      ErrorKind.CONFLICT, "The process does not read its input; continue at offset `bytes`."),
  NOT_THE_WRITER(
      ErrorKind.CONFLICT,
      "Another client gives the process its input; only in the events of attach."),
  WAIT_CUT_OFF(
      ErrorKind.UNAVAILABLE,
      "The wait for the process was interrupted; the process keeps running.");

  private final ErrorKind kind;
  private final String meaning;

  ProcessErrorCode(ErrorKind kind, String meaning) {
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
