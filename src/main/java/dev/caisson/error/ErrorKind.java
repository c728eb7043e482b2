package dev.caisson.error;

/** The kinds of errors, as far as they make a difference to every caller. */
public enum ErrorKind {
  /** The request is malformed, or a value in it is. */
  INVALID,

  /** The request has no valid key or grant. */
  UNAUTHENTICATED,

  /** The operator, or the sandbox's system, does not permit the request. */
  FORBIDDEN,

  /** The object that the request names does not exist. */
  MISSING,

  /** The present state does not allow the request. */
  CONFLICT,

  /** The object existed, and is lost for good. */
  GONE,

  /** A condition that the request states does not hold. */
  PRECONDITION,

  /** The request is larger than any may be. */
  TOO_LARGE,

  /** The range of bytes that is requested does not exist. */
  OUT_OF_RANGE,

  /** The request is well-formed, but cannot be carried out as it is. */
  IMPOSSIBLE,

  /** Too many such requests are in progress. */
  TOO_MANY,

  /** The service has a fault. */
  INTERNAL,

  /** The service, or the client in the way it is used, does not support the request. */
  UNSUPPORTED,

  /** The engine, a daemon or a program in a sandbox gave no answer, or a bad one. */
  UPSTREAM,

  /** The request cannot be carried out at the moment, but perhaps later. */
  UNAVAILABLE,

  /** A program in a sandbox did not answer in time. */
  TIMEOUT,

  /** A disk is full. */
  NO_SPACE
}
