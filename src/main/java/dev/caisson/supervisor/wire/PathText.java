package dev.caisson.supervisor.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of files as text from which their bytes come back. The kernel's names are bytes; most are
 * UTF-8 and are that text. A byte that is no part of a character becomes U+10FF00 and its value, as
 * does each byte of such a character itself, so that no two names have one text. (Python's PEP 383
 * uses halves of characters, which JSON cannot carry.)
 */
public final class PathText {
  private static final int BASE = 0x10FF00;

  /** The first half of all characters from U+10FC00 on. */
  private static final char LAST_PLANE = '\uDBFF';

  private static final char REPLACEMENT = '\uFFFD';

  private PathText() {}

  /** Returns the text of a name or path. */
  public static String of(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0 && text.indexOf(LAST_PLANE) < 0) {
      return text;
    }
    StringBuilder exact = new StringBuilder(name.length + 8);
    for (int at = 0; at < name.length; ) {
      int length = character(name, at);
      if (length == 0) {
        exact.appendCodePoint(BASE + Byte.toUnsignedInt(name[at++]));
      } else {
        exact.append(new String(name, at, length, StandardCharsets.UTF_8));
        at += length;
      }
    }
    return exact.toString();
  }

  /**
   * Returns the length in bytes of the character that begins there; 0 if there is none that stands
   * for itself.
   */
  private static int character(byte[] name, int at) {
    int first = Byte.toUnsignedInt(name[at]);
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || at + length > name.length) {
      return 0;
    }
    String text = new String(name, at, length, StandardCharsets.UTF_8);
    boolean whole =
        text.codePointCount(0, text.length()) == 1
            && text.getBytes(StandardCharsets.UTF_8).length == length
            && (text.charAt(0) != REPLACEMENT || name[at] == (byte) 0xEF);
    return whole && !stands(text.codePointAt(0)) ? length : 0;
  }

  private static boolean stands(int character) {
    return character >= BASE + 0x80 && character <= BASE + 0xFF;
  }

  /** Returns the bytes of a name or path. */
  public static byte[] bytes(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    if (text.indexOf(LAST_PLANE) < 0) {
      return plain;
    }
    int length = 0;
    for (int at = 0; at < plain.length; at++) {
      // U+10FF80 to U+10FFFF: F4 8F BE 80 to F4 8F BF BF.
      if (plain[at] == (byte) 0xF4
          && plain[at + 1] == (byte) 0x8F
          && (plain[at + 2] & 0xFE) == 0xBE) {
        plain[length++] = (byte) (0x80 | ((plain[at + 2] & 1) << 6) | (plain[at + 3] & 0x3F));
        at += 3;
      } else {
        plain[length++] = plain[at];
      }
    }
    return Arrays.copyOf(plain, length);
  }

  /** Tells whether every byte of the name is part of a character. */
  public static boolean isPlain(String text) {
    return text.indexOf(LAST_PLANE) < 0 || text.codePoints().noneMatch(PathText::stands);
  }

  /** Returns the text for people: bytes that are no characters read as U+FFFD. */
  public static String shown(String text) {
    return isPlain(text) ? text : new String(bytes(text), StandardCharsets.UTF_8);
  }
}
