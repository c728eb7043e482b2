package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * One run of dockerd or containerd that is over, and why.
 *
 * @param unit {@code dockerd} or {@code containerd}
 * @param pid 0 where it could not even be started
 * @param startedAt microseconds since the epoch
 * @param endedAt microseconds since the epoch
 * @param code its exit code; 128 + number where a signal ended it
 * @param reason in words
 * @param dump where in the sandbox the stacks of a mute one lie, or null if they could not be had
 * @param dumpHead their first lines
 * @param logTail the last lines that this run wrote
 * @param backAfterMillis until the daemon answered again, 0 as long as it has not
 */
public record DaemonRun(
    @Bounds(bytes = 32, form = Bounds.Form.WORD) String unit,
    @Bounds(least = 0) long pid,
    @Bounds(least = 0, most = Bounds.LAST_MOMENT) long startedAt,
    @Bounds(least = 0, most = Bounds.LAST_MOMENT) long endedAt,
    int code,
    @Bounds(bytes = 16, form = Bounds.Form.WORD) @Nullable String signal,
    Cause cause,
    @Bounds(bytes = 4 << 10, cut = true, form = Bounds.Form.LINE) @Nullable String reason,
    @Bounds(bytes = 4 << 10) @Nullable String dump,
    @Bounds(bytes = 16 << 10, cut = true) @Nullable String dumpHead,
    @Bounds(bytes = 16 << 10, cut = true) @Nullable String logTail,
    long backAfterMillis) {

  /** The reason why a run ended. */
  public enum Cause {
    /** The daemon crashed, or another process signalled it. */
    CRASHED,
    /** The sandbox's memory was used up, and the kernel killed the daemon. */
    OUT_OF_MEMORY,
    /** The daemon lived but did not answer, and was ended for that. */
    MUTE,
    /** A request asked for the daemon's end. */
    STOPPED,
    /** A request asked for a new run. */
    RESTARTED,
    /** The other of the two crashed too often: without it this one is of no use. */
    GIVEN_UP,
    /** The system refused to start it. */
    NOT_STARTED
  }

  /** Returns the builder of a run of a unit that ended for this cause. */
  public static DaemonRunBuilder builder(String unit, Cause cause) {
    return new DaemonRunBuilder(unit, cause);
  }

  /** Returns a copy for a daemon that answered again {@code millis} after this run's end. */
  public DaemonRun back(long millis) {
    return new DaemonRunBuilder(this).backAfterMillis(millis).build();
  }
}
