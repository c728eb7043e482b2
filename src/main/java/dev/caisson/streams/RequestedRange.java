package dev.caisson.streams;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The part of a content that a {@code Range} header asks for, before the size of the content is
 * known.
 *
 * @param offset negative counts from the end
 * @param length -1 for all that follows
 */
public record RequestedRange(long offset, long length) {
  /** The whole content. */
  public static final RequestedRange WHOLE = new RequestedRange(0, -1);

  private static final Pattern ONE =
      Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /**
   * Returns the range that a request asks for; null where it has no such header, or one that may be
   * ignored: several ranges, another unit, nonsense. A request with {@code If-Range} asks for none:
   * that wants a strong tag, which no content of a sandbox has.
   */
  public static @Nullable RequestedRange of(HttpServletRequest request) {
    return request.getHeader(HttpHeaders.IF_RANGE) != null
        ? null
        : of(request.getHeader(HttpHeaders.RANGE));
  }

  static @Nullable RequestedRange of(@Nullable String header) {
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
      // The last 0 bytes are not there, in any content.
      return count == 0 ? new RequestedRange(Long.MAX_VALUE, -1) : new RequestedRange(-count, -1);
    }
    long offset = Long.parseLong(first);
    if (last.isEmpty()) {
      return new RequestedRange(offset, -1);
    }
    long length = Long.parseLong(last) + 1 - offset;
    return length <= 0 ? null : new RequestedRange(offset, length);
  }

  /**
   * Returns the bytes of the range that exist; of zero or negative length where there are none.
   *
   * @param kept the offset of the first byte that is kept
   * @param size the offset after the last byte
   */
  public ByteRange in(long kept, long size) {
    long start = offset < 0 ? size + offset : offset;
    long end = length < 0 ? size : Math.min(size, offset + length);
    return new ByteRange(Math.max(start, kept), end);
  }
}
