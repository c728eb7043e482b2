package dev.caisson.docker;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern the Docker daemon of a sandbox. */
public enum DockerErrorCode implements ErrorCode {
  DOCKER_DISABLED(ErrorKind.CONFLICT, "The sandbox was created without Docker."),
  DOCKER_NOT_READY(
      ErrorKind.UNAVAILABLE, "The Docker daemon is not ready; see `state` and `logTail`."),
  DOCKER_NOT_FOUND(ErrorKind.MISSING, "The Docker daemon has no such object."),
  DOCKER_REFUSED(ErrorKind.UPSTREAM, "The Docker daemon refused; see `daemonStatus`."),
  DOCKER_SILENT(ErrorKind.UPSTREAM, "The Docker daemon did not answer completely or in time."),
  BUILD_NEEDS_PLAIN_ADDRESS(
      ErrorKind.UNSUPPORTED, "A build with BuildKit needs a `DOCKER_HOST` without a path.");

  private final ErrorKind kind;
  private final String meaning;

  DockerErrorCode(ErrorKind kind, String meaning) {
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
