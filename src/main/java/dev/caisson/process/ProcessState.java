package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;

/** The state of a process. */
public enum ProcessState {
  RUNNING,
  EXITED;

  static ProcessState of(ProcessInfo process) {
    return process.exit() == null ? RUNNING : EXITED;
  }
}
