package dev.caisson.lifecycle;

import dev.caisson.sandbox.DiskLevel;
import dev.caisson.sandbox.SandboxHistory;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.DaemonStatus;
import java.util.List;

/** The changes of a sandbox's Docker daemon: recorded in its history, then told to listeners. */
final class DaemonChanges {
  private final SandboxId id;
  private final SandboxHistory logbook;
  private final List<DaemonListener> listeners;
  private final double diskWarning;
  private boolean heard;
  private DiskLevel disk = DiskLevel.OK;

  /**
   * @param diskWarning the part of 1 from which on the daemon's disk is recorded as near its limit
   */
  DaemonChanges(
      SandboxId id, SandboxHistory logbook, List<DaemonListener> listeners, double diskWarning) {
    this.id = id;
    this.logbook = logbook;
    this.listeners = listeners;
    this.diskWarning = diskWarning;
  }

  /**
   * Handles a status that the supervisor reports.
   *
   * @param known the status that the sandbox has until now
   */
  void changed(DaemonStatus known, DaemonStatus status) {
    DaemonStatus before = heard ? known : null;
    heard = true;
    boolean moved =
        before == null || before.state() != status.state() || before.pid() != status.pid();
    if (moved && status.state() != DaemonStatus.State.DISABLED) {
      logbook.daemon(status);
    }
    DiskLevel level = disk.next(status.disk(), diskWarning);
    if (level != disk && status.disk() != null) {
      disk = level;
      logbook.disk(level, status.disk());
    }
    listeners.forEach(listener -> listener.changed(id, before, status));
  }
}
