package dev.caisson.supervisor.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process as its supervisor knows it; also the record kept on disk after its end.
 *
 * @param command as it was started; arguments, never environment values
 * @param shell whether the caller gave a shell line ({@code command} is then the shell, {@code -c}
 *     and that line)
 * @param user as it was asked for, or null for the sandbox's default
 * @param startedAt microseconds since the epoch
 * @param exit null while it runs
 * @param name chosen by the caller
 * @param terminal its size now; null where it has none
 * @param input null where it has none but what it was started with
 * @param attempt null where it is not to be started again
 * @param readiness null where nothing was said of it: it is ready while it runs
 */
@Bounds(bytes = ProcessInfo.LONGEST)
public record ProcessInfo(
    @Bounds(least = 0) long pid,
    @Bounds(bytes = 2 << 20) List<String> command,
    boolean shell,
    @Bounds(bytes = 16 << 10) String cwd,
    @Bounds(bytes = 4 << 10) @Nullable String user,
    boolean background,
    @Bounds(least = 0, most = Bounds.LAST_MOMENT) long startedAt,
    @Nullable Exit exit,
    Volume stdout,
    Volume stderr,
    @Bounds(bytes = 4 << 10) @Nullable String name,
    Request.@Nullable Terminal terminal,
    @Nullable Input input,
    @Nullable Attempt attempt,
    @Nullable Readiness readiness)
    implements Answer {

  /** The longest record or frame, in bytes: a caller's command has 2 MiB at most. */
  public static final int LONGEST = 9 << 18;

  /** Returns the builder of a process's description. */
  public static ProcessInfoBuilder builder(long pid, List<String> command) {
    return new ProcessInfoBuilder(pid, command);
  }

  /** Returns a builder that begins with this description. */
  public ProcessInfoBuilder toBuilder() {
    return new ProcessInfoBuilder(this);
  }

  /**
   * The end of a process.
   *
   * @param code the exit code; 128 + the signal's number where a signal ended it
   * @param signal the signal's name without SIG, or null
   * @param at microseconds since the epoch
   */
  public record Exit(
      int code,
      @Bounds(bytes = 16, form = Bounds.Form.WORD) @Nullable String signal,
      Cause cause,
      @Bounds(least = 0, most = Bounds.LAST_MOMENT) long at) {}

  /** The reason why a process ended. */
  public enum Cause {
    EXITED,
    /**
     * A signal that was not sent through the supervisor. {@code XCPU} is the process's own limit of
     * processor time; so is a {@code KILL} of a process that has used a second more than that.
     */
    SIGNALED,
    TIMEOUT,
    OUT_OF_MEMORY,
    KILLED_BY_USER,
    SANDBOX_ENDED,
    SUPERVISOR_LOST
  }

  /** The bytes a stream has had, and how many of its first ones the journal's bound dropped. */
  public record Volume(@Bounds(least = 0) long bytes, @Bounds(least = 0) long dropped) {
    /** The volume of a stream that has had nothing. */
    public static final Volume NONE = new Volume(0, 0);
  }

  /**
   * The input given to a process while it runs.
   *
   * @param bytes given until now
   * @param open whether more can be given
   */
  public record Input(@Bounds(least = 0) long bytes, boolean open) {}

  /**
   * The place of a process among the attempts to keep something running.
   *
   * @param number from 1
   * @param previous pid of the attempt before, 0 for none
   * @param next pid of the attempt after, 0 for none (yet)
   * @param nextAt when that is due, microseconds since the epoch, 0 if it is not
   * @param exhausted whether there is none because there were too many
   */
  public record Attempt(
      Request.RestartPolicy policy,
      @Bounds(least = 0) int number,
      @Bounds(least = 0) long previous,
      @Bounds(least = 0) long next,
      @Bounds(least = 0, most = Bounds.LAST_MOMENT) long nextAt,
      boolean exhausted) {}

  /**
   * The readiness of a process: whether it does what it was started for.
   *
   * @param at microseconds since the epoch at which that was decided, 0 while it is pending
   * @param reason why it is not ready (yet): what was last seen
   */
  public record Readiness(
      State state,
      @Bounds(least = 0, most = Bounds.LAST_MOMENT) long at,
      @Bounds(bytes = 4 << 10, cut = true, form = Bounds.Form.LINE) @Nullable String reason) {

    /** The states of readiness. */
    public enum State {
      PENDING,
      READY,
      FAILED
    }
  }
}
