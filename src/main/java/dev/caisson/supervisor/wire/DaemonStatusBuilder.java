package dev.caisson.supervisor.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link DaemonStatus}es: each method sets the component of its name, which is absent
 * or 0 otherwise.
 */
public final class DaemonStatusBuilder {
  private final DaemonStatus.State state;
  private final boolean wanted;
  private long pid;
  private @Nullable String version;
  private @Nullable String storageDriver;
  private long readyAfterMillis;
  private int restarts;
  private int attempt;
  private int attempts;
  private ProcessInfo.@Nullable Exit lastExit;
  private long nextRestartAt;
  private @Nullable String reason;
  private @Nullable String logTail;
  private final long changedAt;
  private List<DaemonRun> history = List.of();
  private @Nullable DiskUse disk;

  DaemonStatusBuilder(DaemonStatus.State state, boolean wanted, long changedAt) {
    this.state = state;
    this.wanted = wanted;
    this.changedAt = changedAt;
  }

  public DaemonStatusBuilder pid(long pid) {
    this.pid = pid;
    return this;
  }

  public DaemonStatusBuilder version(@Nullable String version) {
    this.version = version;
    return this;
  }

  public DaemonStatusBuilder storageDriver(@Nullable String storageDriver) {
    this.storageDriver = storageDriver;
    return this;
  }

  public DaemonStatusBuilder readyAfterMillis(long readyAfterMillis) {
    this.readyAfterMillis = readyAfterMillis;
    return this;
  }

  public DaemonStatusBuilder restarts(int restarts) {
    this.restarts = restarts;
    return this;
  }

  public DaemonStatusBuilder attempt(int attempt) {
    this.attempt = attempt;
    return this;
  }

  public DaemonStatusBuilder attempts(int attempts) {
    this.attempts = attempts;
    return this;
  }

  public DaemonStatusBuilder lastExit(ProcessInfo.@Nullable Exit lastExit) {
    this.lastExit = lastExit;
    return this;
  }

  public DaemonStatusBuilder nextRestartAt(long nextRestartAt) {
    this.nextRestartAt = nextRestartAt;
    return this;
  }

  public DaemonStatusBuilder reason(@Nullable String reason) {
    this.reason = reason;
    return this;
  }

  public DaemonStatusBuilder logTail(@Nullable String logTail) {
    this.logTail = logTail;
    return this;
  }

  public DaemonStatusBuilder history(List<DaemonRun> history) {
    this.history = history;
    return this;
  }

  public DaemonStatusBuilder disk(@Nullable DiskUse disk) {
    this.disk = disk;
    return this;
  }

  public DaemonStatus build() {
    return new DaemonStatus(
        state,
        wanted,
        pid,
        version,
        storageDriver,
        readyAfterMillis,
        restarts,
        attempt,
        attempts,
        lastExit,
        nextRestartAt,
        reason,
        logTail,
        changedAt,
        history,
        disk);
  }
}
