package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
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

  /** The pid alone would not do: the system gives it out again. */
  private static final Comparator<ProcessInfo> NEWEST_FIRST =
      Comparator.comparingLong(ProcessInfo::startedAt)
          .thenComparingLong(ProcessInfo::pid)
          .reversed();

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  static ProcessPage of(
      List<ProcessInfo> all,
      @Nullable ProcessState state,
      @Nullable String name,
      int limit,
      @Nullable String cursor) {
    Position after = cursor == null ? null : Position.of(cursor);
    List<ProcessInfo> left =
        all.stream()
            .filter(process -> state == null || ProcessState.of(process) == state)
            .filter(process -> name == null || name.equals(process.name()))
            .filter(process -> after == null || after.isBefore(process))
            .sorted(NEWEST_FIRST)
            .limit(limit + 1L)
            .toList();
    List<ProcessInfo> page = left.subList(0, Math.min(limit, left.size()));
    return new ProcessPage(
        page.stream().map(ProcessAnswer::from).toList(),
        left.size() > limit ? Position.of(page.getLast()).cursor() : null);
  }

  /** Where in the list a page ended; it holds while processes come and go. */
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
        // Not base64: said below.
      }
      throw new ProcessException.Invalid("cursor", "must be the nextCursor of another page");
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
