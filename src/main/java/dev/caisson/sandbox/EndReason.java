package dev.caisson.sandbox;

/** Why a sandbox ended. */
public enum EndReason {
  TERMINATED,
  EXPIRED,
  OUT_OF_MEMORY,
  DISK_FULL,
  SUPERVISOR_LOST,
  ENGINE_LOST,
  START_FAILED
}
