package dev.caisson.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The position of a reader in the output; as text the {@code id} of an event.
 *
 * @param seq the last piece that was read
 * @param ends how many streams' ends were read after it: an incomplete character at the end of a
 *     stream is an event of its own, {@code 12.1} for stdout and {@code 12.2} for stderr
 */
public record OutputPosition(long seq, int ends) {
  /** The position before the first piece. */
  public static final OutputPosition START = new OutputPosition(0, 0);

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:\\.([12]))?");

  /**
   * Returns the position to resume at. The header counts more than the parameter: a browser that
   * reconnects sends the parameter of its first request again.
   *
   * @throws ProcessException.Invalid if the value is not the id of an event
   */
  public static OutputPosition of(@Nullable String lastEventId, @Nullable String after) {
    if (lastEventId != null && !lastEventId.isEmpty()) {
      return parse("Last-Event-ID", lastEventId);
    }
    return after == null ? START : parse("after", after);
  }

  private static OutputPosition parse(String field, String text) {
    Matcher position = FORM.matcher(text);
    if (!position.matches()) {
      throw new ProcessException.Invalid(field, "must be the id of an event, such as 12");
    }
    String ends = position.group(2);
    return new OutputPosition(
        Long.parseLong(position.group(1)), ends == null ? 0 : Integer.parseInt(ends));
  }

  @Override
  public String toString() {
    return ends == 0 ? Long.toString(seq) : seq + "." + ends;
  }
}
