package dev.caisson.supervisor.wire;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Docker daemon of a sandbox as its keeper sees it.
 *
 * @param wanted whether it should run
 * @param pid of dockerd while it lives, else 0
 * @param version of dockerd, once it has answered
 * @param readyAfterMillis from its start to its first answer, 0 until then
 * @param restarts how often it was started again without being asked
 * @param attempt of {@code attempts} in the current window, while it backs off
 * @param lastExit how its last run ended, or null
 * @param nextRestartAt microseconds since the epoch, 0 where none is planned
 * @param reason why it failed, or is unsupported
 * @param logTail the last lines of its output, where they explain the state
 * @param changedAt microseconds since the epoch
 * @param history the last runs that are over, newest first
 * @param disk what its data takes, or null until that was looked at
 */
@Bounds(bytes = 2 << 20)
public record DaemonStatus(
    State state,
    boolean wanted,
    @Bounds(least = 0) long pid,
    @Bounds(bytes = 256, cut = true, form = Bounds.Form.LINE) @Nullable String version,
    @Bounds(bytes = 256, cut = true, form = Bounds.Form.LINE) @Nullable String storageDriver,
    long readyAfterMillis,
    @Bounds(least = 0) int restarts,
    @Bounds(least = 0) int attempt,
    @Bounds(least = 0) int attempts,
    ProcessInfo.@Nullable Exit lastExit,
    @Bounds(least = 0, most = Bounds.LAST_MOMENT) long nextRestartAt,
    @Bounds(bytes = 4 << 10, cut = true, form = Bounds.Form.LINE) @Nullable String reason,
    @Bounds(bytes = 16 << 10, cut = true) @Nullable String logTail,
    @Bounds(least = 0, most = Bounds.LAST_MOMENT) long changedAt,
    @Bounds(elements = 64) List<DaemonRun> history,
    @Nullable DiskUse disk)
    implements Answer {

  /**
   * The most runs kept in the history, as many as a person looks through; a sandbox's further ones
   * are dropped.
   */
  public static final int MOST_RUNS = 16;

  /** Creates a status; a record from before there was a history reads as one without. */
  public DaemonStatus {
    List<DaemonRun> runs = Objects.requireNonNullElse(history, List.of());
    history = List.copyOf(runs.subList(0, Math.min(MOST_RUNS, runs.size())));
  }

  /** Returns the builder of a status at a time in microseconds. */
  public static DaemonStatusBuilder builder(State state, boolean wanted, long changedAt) {
    return new DaemonStatusBuilder(state, wanted, changedAt);
  }

  /** Returns the status of a daemon that has not run yet, at a time in microseconds. */
  public static DaemonStatus untouched(State state, boolean wanted, long changedAt) {
    return builder(state, wanted, changedAt).build();
  }

  /** The state of a daemon. */
  public enum State {
    DISABLED,
    STARTING,
    READY,
    /** Alive, but does not answer. */
    MUTE,
    BACKING_OFF,
    /** Stopped by the user. */
    STOPPED,
    FAILED,
    UNSUPPORTED
  }
}
