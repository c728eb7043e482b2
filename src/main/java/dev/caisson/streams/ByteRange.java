package dev.caisson.streams;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

/**
 * A part of a content, counted from its first byte.
 *
 * @param end the offset after its last byte
 */
public record ByteRange(long start, long end) {

  /** Returns the range from this offset to the end of the content, wherever that will be. */
  public static ByteRange from(long start) {
    return new ByteRange(start, Long.MAX_VALUE);
  }

  /** Returns how many bytes the range has. */
  public long length() {
    return end - start;
  }

  /** Returns whether the end of this range is not known yet. */
  public boolean isOpen() {
    return end == Long.MAX_VALUE;
  }

  /** Makes the answer one that has this part alone, of a content of this size. */
  public void announce(HttpServletResponse response, long size) {
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    response.setHeader(HttpHeaders.CONTENT_RANGE, contentRange(size));
  }

  /** Returns the value of {@code Content-Range}, which names the last byte. */
  String contentRange(long size) {
    return "bytes " + start + "-" + (end - 1) + "/" + size;
  }
}
