package dev.caisson.supervisor.system;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The supervisor's own log: one line an event, to standard error, which is the container's log. */
public final class Log {

  /** The levels of events. */
  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private static final Level LEVEL = level(System.getenv("LOG_LEVEL"));
  private static final Clock CLOCK = Clock.systemUTC();
  private static final PrintStream OUT = System.err;

  private Log() {}

  /** Logs an event; fields are names and values by turns, never environment values, never input. */
  public static void debug(String event, @Nullable Object... fields) {
    write(Level.DEBUG, event, fields);
  }

  public static void info(String event, @Nullable Object... fields) {
    write(Level.INFO, event, fields);
  }

  public static void warn(String event, @Nullable Object... fields) {
    write(Level.WARN, event, fields);
  }

  public static void error(String event, @Nullable Object... fields) {
    write(Level.ERROR, event, fields);
  }

  private static void write(Level level, String event, @Nullable Object... fields) {
    if (level.compareTo(LEVEL) < 0) {
      return;
    }
    StringBuilder line = new StringBuilder(120);
    line.append(CLOCK.instant().truncatedTo(ChronoUnit.MILLIS)).append(' ').append(level);
    line.append(level.name().length() < 5 ? "  " : " ").append(event);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      line.append(i == 0 ? "  " : " ").append(fields[i]).append('=').append(quoted(fields[i + 1]));
    }
    OUT.println(line);
  }

  /** Returns a value on one line: what a process can influence must not forge another event. */
  private static String quoted(@Nullable Object value) {
    String text = String.valueOf(value);
    boolean plain = text.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 127);
    if (plain && !text.isEmpty()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c < ' ' || c == 127 ? '·' : c);
      }
    }
    return quoted.append('"').toString();
  }

  private static Level level(@Nullable String name) {
    if (name != null) {
      for (Level level : Level.values()) {
        if (level.name().equals(name.trim().toUpperCase(Locale.ROOT))) {
          return level;
        }
      }
    }
    return Level.INFO;
  }
}
