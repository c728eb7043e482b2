package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A part of a stream's bytes, in which no character is cut.
 *
 * @param from where it begins in the stream
 */
record Excerpt(long from, byte[] bytes) {
  /** The most bytes of a character that can lie before a cut, or after it. */
  private static final int MOST_OF_ONE = 3;

  /** Returns an excerpt of the first bytes, as many as these at most. */
  Excerpt head(int most) {
    int length = Math.min(most, bytes.length);
    return new Excerpt(from, Arrays.copyOf(bytes, length));
  }

  /** Returns the offset in the stream after the last byte. */
  long end() {
    return from + bytes.length;
  }

  /** Returns an excerpt without the rest of a character that began before this one. */
  Excerpt withoutRest() {
    int rest = 0;
    while (rest < Math.min(MOST_OF_ONE, bytes.length) && (bytes[rest] & 0xC0) == 0x80) {
      rest++;
    }
    return new Excerpt(from + rest, Arrays.copyOfRange(bytes, rest, bytes.length));
  }

  /** Returns an excerpt without the beginning of a character that goes on after this one. */
  Excerpt withoutBeginning() {
    return head(bytes.length - Utf8Glue.incomplete(bytes, bytes.length));
  }

  /**
   * Joins this excerpt and a later one, with a mark between them that says how much is left out.
   */
  StreamAnswer joined(Excerpt later, ProcessInfo.Volume volume) {
    String mark = "\n[… %d bytes are left out here …]\n".formatted(later.from - end());
    return new StreamAnswer(volume.bytes(), volume.dropped(), text() + mark + later.text(), true);
  }

  /** Returns the answer that has this excerpt alone. */
  StreamAnswer alone(ProcessInfo.Volume volume) {
    return new StreamAnswer(volume.bytes(), volume.dropped(), text(), true);
  }

  private String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
