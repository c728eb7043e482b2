package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of processes, newest first.
 *
 * @param nextCursor where the next page begins, null on the last
 */
@Schema(name = "ProcessPage")
record ProcessPage(List<ProcessAnswer> items, @Nullable String nextCursor) {

  /** The order of the list; the pid alone would not do: the system gives it out again. */
  private static final Comparator<ProcessInfo> NEWEST_FIRST =
      Comparator.comparingLong(ProcessInfo::startedAt)
          .thenComparingLong(ProcessInfo::pid)
          .reversed();

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /**
   * A collector of the newest processes that are asked for, out of any number in any order: never
   * more than a page at once is held, and never more than some MiB. Where these are used up first,
   * the page is shorter.
   */
  static final class Collector {
    /** The bound in characters of commands, and about as many for each argument. */
    private static final long HEAVIEST = 16 << 20;

    private static final int ARGUMENT = 48;
    private static final int PROCESS = 1 << 10;

    private final @Nullable ProcessState state;
    private final @Nullable String name;
    private final int limit;
    private final @Nullable Position after;
    private final PriorityQueue<ProcessInfo> newest = new PriorityQueue<>(NEWEST_FIRST.reversed());
    private long weight;
    private boolean more;

    /**
     * Creates a collector for one page.
     *
     * @throws ProcessException.Invalid if the cursor is none
     */
    Collector(
        @Nullable ProcessState state, @Nullable String name, int limit, @Nullable String cursor) {
      this.state = state;
      this.name = name;
      this.limit = limit;
      this.after = cursor == null ? null : Position.of(cursor);
    }

    /** Takes a process, if it belongs on the page as far as is known by now. */
    void add(ProcessInfo process) {
      boolean wanted =
          (state == null || ProcessState.of(process) == state)
              && (name == null || name.equals(process.name()))
              && (after == null || after.isBefore(process));
      if (!wanted) {
        return;
      }
      newest.add(process);
      weight += weight(process);
      while (newest.size() > limit || (weight > HEAVIEST && newest.size() > 1)) {
        weight -= weight(newest.remove());
        more = true;
      }
    }

    private static long weight(ProcessInfo process) {
      long weight = PROCESS;
      for (String argument : process.command()) {
        weight += ARGUMENT + argument.length();
      }
      return weight;
    }

    ProcessPage page() {
      List<ProcessInfo> page = newest.stream().sorted(NEWEST_FIRST).toList();
      return new ProcessPage(
          page.stream().map(ProcessAnswer::from).toList(),
          more ? Position.of(page.getLast()).cursor() : null);
    }
  }

  /** The place in the list where a page ended; it holds while processes come and go. */
  private record Position(long startedAt, long pid) {
    static Position of(ProcessInfo process) {
      return new Position(process.startedAt(), process.pid());
    }

    static Position of(String cursor) {
      try {
        byte[] text = Base64.getUrlDecoder().decode(cursor);
        Matcher position = CURSOR.matcher(new String(text, StandardCharsets.US_ASCII));
        if (position.matches()) {
          return new Position(Long.parseLong(position.group(1)), Long.parseLong(position.group(2)));
        }
      } catch (IllegalArgumentException e) {
        // Not base64: reported below.
      }
      throw new ProcessException.Invalid("cursor", "must be the nextCursor of a previous answer");
    }

    boolean isBefore(ProcessInfo process) {
      return process.startedAt() < startedAt
          || (process.startedAt() == startedAt && process.pid() < pid);
    }

    String cursor() {
      byte[] text = (startedAt + "-" + pid).getBytes(StandardCharsets.US_ASCII);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
  }
}
