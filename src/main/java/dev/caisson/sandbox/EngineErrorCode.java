package dev.caisson.sandbox;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors of the container engine. */
public enum EngineErrorCode implements ErrorCode {
  ENGINE_UNREACHABLE(ErrorKind.UNAVAILABLE, "The container engine does not answer."),
  ENGINE_REFUSED(
      ErrorKind.UPSTREAM, "The container engine, or its host, refused; see `engineStatus`."),
  REGISTRY_NOT_ALLOWED(ErrorKind.FORBIDDEN, "The operator does not allow pulls from the registry."),
  NO_SUCH_IMAGE(
      ErrorKind.IMPOSSIBLE, "The image does not exist, or its registry requires credentials."),
  NO_SUCH_REGISTRY(ErrorKind.IMPOSSIBLE, "The engine cannot reach the registry."),
  NO_SPACE(ErrorKind.NO_SPACE, "The disk of the engine has no space for the image."),
  TOO_FEW_USERS(
      ErrorKind.IMPOSSIBLE, "The engine maps too few user IDs for the files of the image."),
  PULL_FAILED(ErrorKind.IMPOSSIBLE, "The image could not be pulled.");

  private final ErrorKind kind;
  private final String meaning;

  EngineErrorCode(ErrorKind kind, String meaning) {
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
