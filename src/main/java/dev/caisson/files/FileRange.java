package dev.caisson.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a {@code Range} header asks for, before the file's size is known.
 *
 * @param offset negative counts from the end
 * @param length -1 for all that follows
 */
record FileRange(long offset, long length) {
  /** The whole file. */
  static final FileRange WHOLE = new FileRange(0, -1);

  private static final Pattern ONE =
      Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /**
   * Parses a header; null where there is none, or one that may be ignored: several ranges, another
   * unit.
   */
  static @Nullable FileRange of(@Nullable String header) {
    Matcher range = header == null ? null : ONE.matcher(header);
    if (range == null || !range.matches()) {
      return null;
    }
    String first = range.group(1);
    String last = range.group(2);
    if (first.isEmpty()) {
      if (last.isEmpty()) {
        return null;
      }
      long count = Long.parseLong(last);
      // The last 0 bytes are not there, in any file.
      return count == 0 ? new FileRange(Long.MAX_VALUE, -1) : new FileRange(-count, -1);
    }
    long offset = Long.parseLong(first);
    if (last.isEmpty()) {
      return new FileRange(offset, -1);
    }
    long length = Long.parseLong(last) + 1 - offset;
    return length <= 0 ? null : new FileRange(offset, length);
  }

  /** Returns the offset of the range's first byte in a file of this size. */
  long start(long size) {
    return offset < 0 ? Math.max(0, size + offset) : offset;
  }

  /**
   * Returns how many bytes of the range are in a file of this size; zero or less where there are
   * none.
   */
  long count(long size) {
    long left = size - start(size);
    return length < 0 ? left : Math.min(left, length);
  }

  /** Returns the value of {@code Content-Range}. */
  String contentRange(long size) {
    return "bytes " + start(size) + "-" + (start(size) + count(size) - 1) + "/" + size;
  }
}
