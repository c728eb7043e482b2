package dev.caisson.proxy;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors of requests that are passed on into a sandbox. */
public enum ProxyErrorCode implements ErrorCode {
  NOT_HTTP(ErrorKind.UPSTREAM, "The program that listens there gave no valid HTTP answer."),
  ANSWER_TIMEOUT(ErrorKind.TIMEOUT, "The program that listens there did not answer in time."),
  TOO_MANY_REQUESTS_UNDER_WAY(
      ErrorKind.UNAVAILABLE, "As many requests as allowed are being passed on to the sandbox.");

  private final ErrorKind kind;
  private final String meaning;

  ProxyErrorCode(ErrorKind kind, String meaning) {
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
