package dev.caisson.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a stream, counted from the first byte ever written.
 *
 * @param end the offset after its last byte
 */
record ByteRange(long start, long end) {
  private static final Pattern ONE =
      Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /** Returns the range from this offset to the end of the stream, wherever that will be. */
  static ByteRange from(long start) {
    return new ByteRange(start, Long.MAX_VALUE);
  }

  /**
   * Returns the part that a {@code Range} header asks for, as far as it is kept; null where there
   * is no header, or one that may be ignored: several ranges, another unit, nonsense.
   *
   * @param kept the first offset that is kept
   * @param total the offset after the last byte written
   * @throws ProcessException.NoSuchRange if the stream has no byte of the range, or has dropped it
   */
  static @Nullable ByteRange of(@Nullable String header, long kept, long total) {
    Matcher range = header == null ? null : ONE.matcher(header);
    if (range == null || !range.matches()) {
      return null;
    }
    String first = range.group(1);
    String last = range.group(2);
    boolean suffix = first.isEmpty();
    if (suffix && last.isEmpty()) {
      return null;
    }
    long start = suffix ? total - Long.parseLong(last) : Long.parseLong(first);
    long end = suffix || last.isEmpty() ? total : Long.parseLong(last) + 1;
    if (!suffix && !last.isEmpty() && end <= start) {
      return null;
    }
    ByteRange there = new ByteRange(Math.max(start, kept), Math.min(end, total));
    if (there.length() <= 0) {
      throw new ProcessException.NoSuchRange(total, kept);
    }
    return there;
  }

  long length() {
    return end - start;
  }

  /** Returns whether the end of this range is not known yet. */
  boolean isOpen() {
    return end == Long.MAX_VALUE;
  }

  /** Returns the value of {@code Content-Range}. */
  String contentRange(long total) {
    return "bytes " + start + "-" + (end - 1) + "/" + total;
  }
}
