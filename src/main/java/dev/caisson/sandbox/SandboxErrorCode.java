package dev.caisson.sandbox;

import dev.caisson.error.ErrorCode;
import dev.caisson.error.ErrorKind;

/** The codes of errors that concern sandboxes. */
public enum SandboxErrorCode implements ErrorCode {
  SANDBOX_NOT_FOUND(
      ErrorKind.MISSING, "The sandbox does not exist, or its record is no longer kept."),
  SANDBOX_NOT_READY(ErrorKind.CONFLICT, "The sandbox is not in state `READY`; see `state`."),
  START_FAILED(ErrorKind.UPSTREAM, "The sandbox did not start."),
  SUPERVISOR_SILENT(ErrorKind.UPSTREAM, "The supervisor of a new sandbox did not answer in time."),
  KIT_MISSING(ErrorKind.IMPOSSIBLE, "The kit is not on the engine."),
  TOO_MUCH_CPU(ErrorKind.IMPOSSIBLE, "The host has fewer processors than requested."),
  TOO_MUCH_MEMORY(ErrorKind.IMPOSSIBLE, "The host has less memory than requested."),
  LIMITS_UNAVAILABLE(ErrorKind.IMPOSSIBLE, "The host cannot enforce limits."),
  ISOLATION_UNAVAILABLE(ErrorKind.IMPOSSIBLE, "The host does not have the isolation."),
  ISOLATION_NOT_ALLOWED(ErrorKind.IMPOSSIBLE, "The operator does not allow the isolation."),
  ISOLATION_OF_TEMPLATE(
      ErrorKind.IMPOSSIBLE, "The images of the template belong to another isolation."),
  DOCKER_UNAVAILABLE(ErrorKind.IMPOSSIBLE, "Docker cannot run in this isolation on this host."),
  DOCKER_VERSION_UNAVAILABLE(
      ErrorKind.IMPOSSIBLE, "No kit on the engine has this version of Docker."),
  DOCKER_VERSION_OF_TEMPLATE(
      ErrorKind.IMPOSSIBLE, "The images of the template belong to another version of Docker."),
  HOST_DISK_FULL(ErrorKind.NO_SPACE, "The host has too little free disk space for a new sandbox."),
  TOO_MANY_STARTS(
      ErrorKind.UNAVAILABLE, "Too many sandboxes are being started; nothing was made of this one."),
  DATABASE_UNREACHABLE(ErrorKind.UNAVAILABLE, "The database does not answer."),
  SERVICE_STOPPING(ErrorKind.UNAVAILABLE, "The service is stopping; the sandbox keeps running.");

  private final ErrorKind kind;
  private final String meaning;

  SandboxErrorCode(ErrorKind kind, String meaning) {
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
