package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mark by which a start and all its descendants are known: a value of the soft limit {@code
 * RLIMIT_RTTIME}, inherited by every fork, kept by every exec, readable of every user's processes.
 * It limits nothing, since no process computes in real time for thousands of years. See the
 * decision how-a-tree-is-found.
 *
 * @param value 0 for none
 */
public record ProcessTag(long value) {
  public static final ProcessTag NONE = new ProcessTag(0);

  private static final int RLIMIT_RTTIME = 15;
  private static final String FIELD = "Max realtime timeout";

  /** The first mark of a process, in microseconds; the lower half numbers the starts. */
  private static final long PROCESSES = 1L << 60;

  private static final long UNITS = 1L << 61;

  private static final AtomicLong LAST = new AtomicLong();

  /** Creates a new mark. */
  public static ProcessTag next(boolean unit) {
    return new ProcessTag((unit ? UNITS : PROCESSES) + LAST.incrementAndGet());
  }

  /** Returns the mark of a process; none where it has none, or has ended. */
  public static ProcessTag of(long pid) {
    Path limits = Path.of("/proc", Long.toString(pid), "limits");
    try {
      for (String line : Files.readString(limits, StandardCharsets.ISO_8859_1).split("\n", -1)) {
        if (line.startsWith(FIELD)) {
          String soft = line.substring(FIELD.length()).strip().split(" ", 2)[0];
          return soft.equals("unlimited") ? NONE : new ProcessTag(Long.parseLong(soft));
        }
      }
    } catch (IOException | NumberFormatException e) {
      Log.debug("the limits of a process cannot be read", "pid", pid, "error", e);
    }
    return NONE;
  }

  /** Returns whether the mark was given to a process, and not to a unit of the daemon. */
  public boolean process() {
    return value >= PROCESSES && value < UNITS;
  }

  /**
   * Puts the mark on the supervisor itself, from where the next spawn takes it: so no process lives
   * a moment without. The caller lets one spawn happen at a time.
   *
   * @return itself, or none where the sandbox was started with a lower limit
   */
  ProcessTag put(LibC libc) {
    return libc.limit(RLIMIT_RTTIME, value) ? this : NONE;
  }
}
