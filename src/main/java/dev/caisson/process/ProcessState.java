package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;

/** Where a process stands. */
public enum ProcessState {
  RUNNING,
  EXITED;

  static ProcessState of(ProcessInfo process) {
    return process.exit() == null ? RUNNING : EXITED;
  }
}
