package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process as answers show it: of every start, in the list, and in the last event of its output.
 *
 * @param command what was executed; for a shell line the shell, {@code -c} and that line
 * @param shell the shell line, where one was given
 * @param tty the size of the terminal now, null where there is none
 * @param stdin null where the process has no input but what it was started with
 * @param restart null where the process is not to be started again
 * @param readiness null where the start asked for no check of it
 * @param advice what the service knows of why the process failed, and what to do; only in the
 *     answer to a pull
 */
@Schema(name = "Process")
public record ProcessAnswer(
    @Schema(example = "147") long pid,
    ProcessState state,
    boolean background,
    @Schema(example = "[\"docker\", \"pull\", \"nginx:latest\"]") List<String> command,
    @Nullable String shell,
    @Schema(example = "/workspace") String cwd,
    @Nullable String user,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Exit exit,
    StreamAnswer stdout,
    StreamAnswer stderr,
    @Schema(example = "web") @Nullable String name,
    @Nullable TerminalSize tty,
    @Nullable StdinAnswer stdin,
    @Nullable RestartAnswer restart,
    @Nullable ReadinessAnswer readiness,
    @Schema(
            description =
                "For a failed pull: the registry mirror that does not answer, and what to do")
        @Nullable String advice) {

  /**
   * The end of a process.
   *
   * @param code 128 + the signal's number where a signal ended it
   */
  @Schema(name = "Exit")
  public record Exit(
      @Schema(example = "0") int code, @Nullable String signal, ProcessInfo.Cause cause) {
    /** Converts the supervisor's record of the end; null for none. */
    public static @Nullable Exit from(ProcessInfo.@Nullable Exit exit) {
      return exit == null ? null : new Exit(exit.code(), exit.signal(), exit.cause());
    }
  }

  /** Returns the answer without text: for a start in the background, or an entry of a list. */
  public static ProcessAnswer from(ProcessInfo process) {
    return from(
        process,
        StreamAnswer.from(process.stdout(), null),
        StreamAnswer.from(process.stderr(), null));
  }

  /** Returns the answer with these parts of the output. */
  static ProcessAnswer from(ProcessInfo process, StreamAnswer stdout, StreamAnswer stderr) {
    ProcessInfo.Exit exit = process.exit();
    return new ProcessAnswer(
        process.pid(),
        ProcessState.of(process),
        process.background(),
        process.command(),
        process.shell() ? process.command().getLast() : null,
        process.cwd(),
        process.user(),
        instant(process.startedAt()),
        exit == null ? null : instant(exit.at()),
        Exit.from(exit),
        stdout,
        stderr,
        process.name(),
        TerminalSize.from(process.terminal()),
        StdinAnswer.from(process.input()),
        RestartAnswer.from(process.attempt()),
        ReadinessAnswer.from(process.readiness()),
        null);
  }

  /** Returns a copy with this advice. */
  public ProcessAnswer with(String text) {
    return new ProcessAnswer(
        pid,
        state,
        background,
        command,
        shell,
        cwd,
        user,
        startedAt,
        endedAt,
        exit,
        stdout,
        stderr,
        name,
        tty,
        stdin,
        restart,
        readiness,
        text);
  }

  /** Converts a time on the wire to one in an answer; null for none. */
  static @Nullable Instant instantIfAny(long micros) {
    return micros == 0 ? null : instant(micros);
  }

  /** Converts a time on the wire to one in an answer. */
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
