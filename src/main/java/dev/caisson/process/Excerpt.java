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

  /** Its first bytes, as many as these at most. */
  Excerpt head(int most) {
    int length = Math.min(most, bytes.length);
    return new Excerpt(from, Arrays.copyOf(bytes, length));
  }

  /** The offset of what follows it in the stream. */
  long end() {
    return from + bytes.length;
  }

  /** Without the rest of a character that began before it. */
  Excerpt withoutRest() {
    int rest = 0;
    while (rest < Math.min(MOST_OF_ONE, bytes.length) && (bytes[rest] & 0xC0) == 0x80) {
      rest++;
    }
    return new Excerpt(from + rest, Arrays.copyOfRange(bytes, rest, bytes.length));
  }

  /** Without the beginning of a character that goes on after it. */
  Excerpt withoutBeginning() {
    return head(bytes.length - Utf8Glue.incomplete(bytes, bytes.length));
  }

  /** This and a later one, with a mark between that says what is left out. */
  StreamAnswer joined(Excerpt later, ProcessInfo.Volume volume) {
    String mark = "\n[… %d bytes are left out here …]\n".formatted(later.from - end());
    return new StreamAnswer(volume.bytes(), volume.dropped(), text() + mark + later.text(), true);
  }

  /** The answer that has this alone. */
  StreamAnswer alone(ProcessInfo.Volume volume) {
    return new StreamAnswer(volume.bytes(), volume.dropped(), text(), true);
  }

  private String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
