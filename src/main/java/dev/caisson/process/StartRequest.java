package dev.caisson.process;

import dev.caisson.sandbox.ByteSize;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * A request to start a process. Neither {@code env} nor {@code stdin} is validated by annotation: a
 * violation carries the value, and theirs are secret.
 */
@Schema(
    name = "StartProcess",
    description = "Process to start: `command` or `shell`",
    example = "{\"command\": [\"docker\", \"pull\", \"nginx:latest\"]}")
@CommandOrShell
record StartRequest(
    @Schema(
            description = "Program and arguments; the program is looked up on the PATH",
            example = "[\"docker\", \"pull\", \"nginx:latest\"]")
        @Size(min = 1, max = 10_000)
        @Nullable List<@NotNull @Pattern(regexp = NO_NUL, message = NO_NUL_MESSAGE) String> command,
    @Schema(
            description = "Command line for /bin/sh, instead of `command`",
            example = "make | tee log")
        @Size(min = 1)
        @Pattern(regexp = NO_NUL, message = NO_NUL_MESSAGE)
        @Nullable String shell,
    @Schema(description = "Working directory, absolute; the sandbox's if absent")
        @Pattern(regexp = "/[^\\x00]*", message = "must be an absolute path")
        @Size(max = 4096)
        @Nullable String cwd,
    @Schema(
            description =
                "Variables added to the sandbox's environment; values are never returned or logged")
        @Nullable Map<String, @Nullable String> env,
    @Schema(
            description = "User, as `name`, `uid`, `uid:gid` or `name:group`",
            example = "1000:1000")
        @Pattern(
            regexp = "[^:\\s\\x00]+(:[^:\\s\\x00]+)?",
            message = "must be name, uid, uid:gid or name:group")
        @Size(max = 256)
        @Nullable String user,
    @Schema(
            description = "Whether to answer at once with the pid, instead of at the end",
            example = "false")
        @Nullable Boolean background,
    @Schema(description = "Input of the process; none if absent, unless `stdinOpen`")
        @Nullable String stdin,
    @Schema(
            description = "Whether to keep the input open for more, by `stdin` or `attach`",
            example = "false")
        @Nullable Boolean stdinOpen,
    @Schema(description = "Size of a terminal for the process; all output is then on stdout") @Valid
        @Nullable TerminalSize tty,
    @Schema(
            description = "Maximum run time of the process, after which it gets TERM, then KILL",
            type = "string",
            example = "PT5M")
        @DurationMin(millis = 1, message = "must be positive")
        @DurationMax(days = 365, message = "must be at most P365D")
        @Nullable Duration timeout,
    @Schema(
            description = "Amount of output to keep; beyond it the oldest is dropped",
            type = "string",
            example = "64Mi",
            defaultValue = "64Mi")
        @Nullable ByteSize outputLimit,
    @Schema(description = "Name of your choice, unique among running processes", example = "web")
        @Pattern(
            regexp = "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}",
            message =
                "must begin with a letter or digit, and contain only letters, digits, _, . and -")
        @Nullable String name,
    @Valid @Nullable LimitsRequest limits,
    @Valid @Nullable RestartRequest restart,
    @Valid @Nullable ReadinessRequest readiness) {

  private static final String NO_NUL = "(?s)[^\\x00]*";
  private static final String NO_NUL_MESSAGE = "must not contain a NUL character";

  /**
   * The most bytes of input; with the rest of a request they fit into one frame to the supervisor.
   */
  private static final int MOST_INPUT = 4 << 20;

  private static final long LEAST_KEPT = 1L << 20;
  private static final long MOST_KEPT = 16L << 30;

  /** The space Linux gives to arguments and environment together. */
  private static final int MOST_ARGUMENTS = 2 << 20;

  Request.Start toStart() {
    List<String> line =
        shell != null ? List.of("/bin/sh", "-c", shell) : command == null ? List.of() : command;
    Map<String, String> variables = Environment.checked(env);
    byte @Nullable [] input = stdin == null ? null : stdin.getBytes(StandardCharsets.UTF_8);
    if (input != null && input.length > MOST_INPUT) {
      throw new ProcessException.Invalid("stdin", "must be at most 4 MiB; put more into a file");
    }
    if (bytes(line) + bytes(variables.values()) + bytes(variables.keySet()) > MOST_ARGUMENTS) {
      throw new ProcessException.Invalid(
          shell != null ? "shell" : "command", "must be at most 2 MiB, together with env");
    }
    return Request.Start.builder(line)
        .shell(shell != null)
        .cwd(cwd)
        .env(variables)
        .user(user)
        .background(Boolean.TRUE.equals(background))
        .stdin(input)
        .timeoutMillis(timeout == null ? 0 : timeout.toMillis())
        .journalBytes(keptBytes())
        .name(name)
        .terminal(tty == null ? null : tty.toTerminal())
        .openInput(Boolean.TRUE.equals(stdinOpen))
        .limits(limits == null ? null : limits.toLimits())
        .restart(restart == null ? null : restart.policy().wire)
        .readiness(readiness == null ? null : readiness.toReadiness())
        .build();
  }

  private long keptBytes() {
    if (outputLimit == null) {
      return 0;
    }
    if (outputLimit.bytes() < LEAST_KEPT || outputLimit.bytes() > MOST_KEPT) {
      throw new ProcessException.Invalid("outputLimit", "must be from 1Mi to 16Gi");
    }
    return outputLimit.bytes();
  }

  private static long bytes(Iterable<String> texts) {
    long bytes = 0;
    for (String text : texts) {
      bytes += text.getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  /** Returns a text with the names of variables, but not their values. */
  @Override
  public String toString() {
    return "StartRequest[command=%s, shell=%s, env=%s]"
        .formatted(command, shell, env == null ? List.of() : env.keySet());
  }
}
