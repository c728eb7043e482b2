package dev.caisson.sandbox;

/** The reason for which a sandbox ended. */
public enum EndReason {
  TERMINATED,
  EXPIRED,
  OUT_OF_MEMORY,
  DISK_FULL,
  SUPERVISOR_LOST,
  ENGINE_LOST,
  START_FAILED
}
