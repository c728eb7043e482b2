package dev.caisson.supervisor.files;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The names under which files are written before they have their own. They are not listed, archived
 * or reported to watchers; one that a sandbox's crash has left behind goes with its directory.
 */
final class Temporary {
  private static final String PREFIX = ".caisson-";
  private static final int BYTES = 16;

  private Temporary() {}

  /** Makes a name that cannot be guessed. */
  static byte[] name(FileCalls calls) {
    String random = HexFormat.of().formatHex(calls.random(BYTES));
    return (PREFIX + random).getBytes(StandardCharsets.US_ASCII);
  }

  static boolean is(FilePlace place) {
    return is(place.name());
  }

  static boolean is(byte[] name) {
    if (name.length != PREFIX.length() + 2 * BYTES) {
      return false;
    }
    return new String(name, StandardCharsets.ISO_8859_1).startsWith(PREFIX);
  }
}
