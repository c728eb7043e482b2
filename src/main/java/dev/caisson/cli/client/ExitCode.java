package dev.caisson.cli.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The exit code of the program. A process's own code passes through, so the program's own failures
 * have numbers that commands seldom have, as with the Docker CLI, ssh and sysexits.
 */
public final class ExitCode {
  public static final int OK = 0;

  /** The code of {@code doctor} that found something that does not work. */
  public static final int UNWELL = 1;

  public static final int USAGE = 2;

  /** The code for a service, or a part behind it, that cannot be reached. */
  public static final int NOT_REACHED = 69;

  /** The code for no key, or one that the service does not take. */
  public static final int NO_KEY = 77;

  /** The code for a refusal by the service; also for any other failure here. */
  public static final int REFUSED = 125;

  /** The code for a command that is there and cannot be run. */
  public static final int NOT_EXECUTABLE = 126;

  /** The code for a command that is not in the sandbox. */
  public static final int NO_COMMAND = 127;

  private static final int SIGNALLED = 128;

  /** The code after a second signal, while the process that got the first has not ended. */
  public static final int INTERRUPTED = SIGNALLED + 2;

  private static final Map<String, Integer> SIGNALS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("ILL", 4),
          Map.entry("TRAP", 5),
          Map.entry("ABRT", 6),
          Map.entry("BUS", 7),
          Map.entry("FPE", 8),
          Map.entry("KILL", 9),
          Map.entry("USR1", 10),
          Map.entry("SEGV", 11),
          Map.entry("USR2", 12),
          Map.entry("PIPE", 13),
          Map.entry("ALRM", 14),
          Map.entry("TERM", 15));

  private ExitCode() {}

  /**
   * Returns the code of a process that has ended: its own, or as a shell has it for the signal that
   * ended it.
   */
  public static int of(JsonNode process) {
    JsonNode exit = process.path("exit");
    if (exit.path("code").isNumber()) {
      return exit.path("code").asInt();
    }
    String signal = Json.text(exit, "signal");
    return signal.isEmpty() ? REFUSED : SIGNALLED + SIGNALS.getOrDefault(bare(signal), 0);
  }

  /**
   * Returns a remark on the end of a process beside its number; null where the number says it all.
   */
  static @Nullable public String remark(JsonNode process) {
    String cause = Json.text(process.path("exit"), "cause");
    return switch (cause) {
      case "", "EXITED", "SIGNALED", "KILLED_BY_USER" -> null;
      case "OUT_OF_MEMORY" -> "it was killed: the sandbox, or its limit, is out of memory";
      case "TIMEOUT" -> "it was ended: its time is over";
      case "SANDBOX_ENDED" -> "it ended with its sandbox";
      case "SUPERVISOR_LOST" -> "its sandbox was lost, and how it ended is not known";
      default -> "it ended: " + cause;
    };
  }

  private static String bare(String signal) {
    return signal.startsWith("SIG") ? signal.substring(3) : signal;
  }
}
