package dev.caisson.supervisor.system;

import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.List;
import java.util.Locale;

/** Signals by name and number, as x86-64 and arm64 number them. */
public final class SignalName {
  public static final int HUP = 1;
  public static final int KILL = 9;
  public static final int TERM = 15;
  public static final int CONT = 18;
  private static final int HIGHEST = 64;

  private static final List<String> NAMES =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private SignalName() {}

  /** Returns the name without SIG; a real-time signal has none but its number. */
  public static String of(int number) {
    return number > 0 && number < NAMES.size() ? NAMES.get(number) : Integer.toString(number);
  }

  /** Returns the number of {@code TERM}, {@code SIGTERM} or {@code 15}. */
  public static int number(String name) throws RefusedException {
    String bare = name.toUpperCase(Locale.ROOT);
    bare = bare.startsWith("SIG") ? bare.substring(3) : bare;
    int number = bare.isEmpty() ? -1 : NAMES.indexOf(bare);
    if (number < 0 && bare.matches("[0-9]{1,2}")) {
      number = Integer.parseInt(bare);
    }
    if (number < 1 || number > HIGHEST) {
      throw new RefusedException(RefusalCode.EINVAL, "there is no signal " + name);
    }
    return number;
  }
}
