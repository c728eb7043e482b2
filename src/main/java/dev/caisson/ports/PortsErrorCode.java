package dev.caisson.ports;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern the ports of a sandbox. */
public enum PortsErrorCode implements ErrorCode {
  PORT_CLOSED(ErrorKind.UPSTREAM, "Nothing listens on the port."),
  PORT_BY_PATH_OFF(ErrorKind.MISSING, "The operator has disabled ports by path; see `url`.");

  private final ErrorKind kind;
  private final String meaning;

  PortsErrorCode(ErrorKind kind, String meaning) {
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
