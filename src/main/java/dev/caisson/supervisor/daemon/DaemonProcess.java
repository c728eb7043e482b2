package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.daemon.Units.Unit;
import java.time.Instant;

/** One of the two daemons: its process, the time of its last start, and its place in the log. */
final class DaemonProcess {

  private final String unit;
  private final Units units;
  private long pid;
  private Instant startedAt = Instant.EPOCH;
  private long began;

  /**
   * @param unit the unit that it is, {@link Units#DOCKERD} or {@link Units#CONTAINERD}
   */
  DaemonProcess(String unit, Units units) {
    this.unit = unit;
    this.units = units;
  }

  String unit() {
    return unit;
  }

  boolean runs() {
    return pid != 0;
  }

  /** Returns the pid of the process; 0 while none runs. */
  long pid() {
    return pid;
  }

  /** Returns the time of the last start, even if it was refused. */
  Instant startedAt() {
    return startedAt;
  }

  /**
   * Starts the process; output that comes from now on belongs to this run.
   *
   * @throws UnitRefusedException where the system said no; no process runs then
   */
  void start(Unit line, Units.Ended ended, Instant now) throws UnitRefusedException {
    startedAt = now;
    began = units.position(unit);
    pid = units.start(line, ended);
  }

  /** Notes that the process has ended. */
  void ended() {
    pid = 0;
  }

  void signal(String signal) {
    units.signal(unit, signal);
  }

  /** Returns the last lines of the output since the last start. */
  String tail(int lines) {
    return units.tail(unit, lines, began);
  }
}
