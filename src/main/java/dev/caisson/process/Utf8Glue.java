package dev.caisson.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A decoder of one stream, piece by piece: a character split across pieces comes out whole, with
 * the piece that completes it. All pieces together give what decoding the whole at once gives.
 *
 * <p>The held-back bytes depend on the last three bytes of the stream alone, so that a reader who
 * begins in the middle can {@link #prime} the decoder with them.
 */
final class Utf8Glue {
  /** The most bytes ever held back: all but the last byte of a character of four. */
  static final int MOST_HELD = 3;

  private byte[] held = {};

  /** The offset in the stream at which the next byte is expected. */
  private long next;

  /** Begins at this offset, with the bytes right before it (at least three, if there are any). */
  void prime(byte[] before, long offset) {
    held = tail(before, incomplete(before, before.length));
    next = offset;
  }

  /** Returns the characters that these bytes complete. */
  String take(long offset, byte[] bytes) {
    // Where bytes between were dropped, what was held back stays incomplete for ever.
    String lost = offset == next ? "" : end();
    byte[] all = Arrays.copyOf(held, held.length + bytes.length);
    System.arraycopy(bytes, 0, all, held.length, bytes.length);
    int incomplete = incomplete(all, all.length);
    held = tail(all, incomplete);
    next = offset + bytes.length;
    return lost + new String(all, 0, all.length - incomplete, StandardCharsets.UTF_8);
  }

  /** Ends the stream; returns what is still held back, which will not be completed. */
  String end() {
    String rest = new String(held, StandardCharsets.UTF_8);
    held = new byte[0];
    return rest;
  }

  /**
   * Returns how many of the last bytes begin a character that is not yet complete. Whether it will
   * be a valid one does not matter here: the decoder must see its bytes together either way.
   */
  static int incomplete(byte[] bytes, int length) {
    for (int back = 1; back <= Math.min(MOST_HELD, length); back++) {
      int value = Byte.toUnsignedInt(bytes[length - back]);
      if (value < 0x80) {
        return 0;
      }
      if (value >= 0xC0) {
        return back < characterLength(value) ? back : 0;
      }
    }
    return 0;
  }

  /** Returns how many bytes a character has that begins with this one. */
  private static int characterLength(int first) {
    if (first < 0xC2 || first > 0xF7) {
      return 1;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  private static byte[] tail(byte[] bytes, int count) {
    return Arrays.copyOfRange(bytes, bytes.length - count, bytes.length);
  }
}
