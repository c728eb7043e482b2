package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link DaemonRun}s: each method sets the component of its name, which is absent or 0
 * otherwise.
 */
public final class DaemonRunBuilder {
  private final String unit;
  private long pid;
  private long startedAt;
  private long endedAt;
  private int code;
  private @Nullable String signal;
  private final DaemonRun.Cause cause;
  private @Nullable String reason;
  private @Nullable String dump;
  private @Nullable String dumpHead;
  private @Nullable String logTail;
  private long backAfterMillis;

  DaemonRunBuilder(String unit, DaemonRun.Cause cause) {
    this.unit = unit;
    this.cause = cause;
  }

  DaemonRunBuilder(DaemonRun run) {
    unit = run.unit();
    pid = run.pid();
    startedAt = run.startedAt();
    endedAt = run.endedAt();
    code = run.code();
    signal = run.signal();
    cause = run.cause();
    reason = run.reason();
    dump = run.dump();
    dumpHead = run.dumpHead();
    logTail = run.logTail();
    backAfterMillis = run.backAfterMillis();
  }

  public DaemonRunBuilder pid(long pid) {
    this.pid = pid;
    return this;
  }

  public DaemonRunBuilder startedAt(long startedAt) {
    this.startedAt = startedAt;
    return this;
  }

  public DaemonRunBuilder endedAt(long endedAt) {
    this.endedAt = endedAt;
    return this;
  }

  public DaemonRunBuilder code(int code) {
    this.code = code;
    return this;
  }

  public DaemonRunBuilder signal(@Nullable String signal) {
    this.signal = signal;
    return this;
  }

  public DaemonRunBuilder reason(@Nullable String reason) {
    this.reason = reason;
    return this;
  }

  public DaemonRunBuilder dump(@Nullable String dump) {
    this.dump = dump;
    return this;
  }

  public DaemonRunBuilder dumpHead(@Nullable String dumpHead) {
    this.dumpHead = dumpHead;
    return this;
  }

  public DaemonRunBuilder logTail(@Nullable String logTail) {
    this.logTail = logTail;
    return this;
  }

  public DaemonRunBuilder backAfterMillis(long backAfterMillis) {
    this.backAfterMillis = backAfterMillis;
    return this;
  }

  public DaemonRun build() {
    return new DaemonRun(
        unit,
        pid,
        startedAt,
        endedAt,
        code,
        signal,
        cause,
        reason,
        dump,
        dumpHead,
        logTail,
        backAfterMillis);
  }
}
