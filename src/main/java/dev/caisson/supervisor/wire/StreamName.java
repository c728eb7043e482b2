package dev.caisson.supervisor.wire;

/** One of the two streams of a process. */
public enum StreamName {
  STDOUT,
  STDERR
}
