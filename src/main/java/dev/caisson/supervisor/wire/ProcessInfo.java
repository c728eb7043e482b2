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
 */
public record ProcessInfo(
    long pid,
    List<String> command,
    boolean shell,
    String cwd,
    @Nullable String user,
    boolean background,
    long startedAt,
    @Nullable Exit exit,
    Volume stdout,
    Volume stderr)
    implements Answer {

  /**
   * How it ended.
   *
   * @param code the exit code; 128 + the signal's number where a signal ended it
   * @param signal the signal's name without SIG, or null
   * @param at microseconds since the epoch
   */
  public record Exit(int code, @Nullable String signal, Cause cause, long at) {}

  /** Why it ended. */
  public enum Cause {
    EXITED,
    SIGNALED,
    TIMEOUT,
    OUT_OF_MEMORY,
    KILLED_BY_USER,
    SANDBOX_ENDED,
    SUPERVISOR_LOST
  }

  /** How much a stream has had, and how much of its beginning the journal's bound dropped. */
  public record Volume(long bytes, long dropped) {}
}
