package dev.caisson.supervisor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathTextTest {
  private static final Random RANDOM = new Random(14);

  @Test
  void whatIsUtf8IsItsOwnText() {
    for (String text : new String[] {"", "/plain", "/naïve €", "/\uFFFD", "/\uD83D\uDE00"}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(PathText.of(bytes)).isEqualTo(text);
      assertThat(PathText.bytes(text)).isEqualTo(bytes);
      assertThat(PathText.isPlain(text)).isTrue();
      assertThat(PathText.shown(text)).isEqualTo(text);
    }
  }

  @Test
  void everyNameComesBackAndNoTwoHaveOneText() {
    Set<String> texts = new HashSet<>();
    Set<String> names = new HashSet<>();
    byte[] parts = {
      'a',
      (byte) 0xC3,
      (byte) 0xA9,
      (byte) 0xE9,
      (byte) 0xF4,
      (byte) 0x8F,
      (byte) 0xBF,
      (byte) 0xBE,
      (byte) 0xED,
      (byte) 0xA0,
      (byte) 0x80,
      (byte) 0xEF,
      (byte) 0xBD,
      (byte) 0xC0,
      (byte) 0xFF
    };
    for (int i = 0; i < 200_000; i++) {
      byte[] name = new byte[1 + RANDOM.nextInt(8)];
      for (int at = 0; at < name.length; at++) {
        name[at] = parts[RANDOM.nextInt(parts.length)];
      }
      String text = PathText.of(name);
      assertThat(PathText.bytes(text)).isEqualTo(name);
      assertThat(text.getBytes(StandardCharsets.UTF_8))
          .isEqualTo(
              new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                  .getBytes(StandardCharsets.UTF_8));
      names.add(new String(name, StandardCharsets.ISO_8859_1));
      texts.add(text);
    }
    assertThat(texts).hasSameSizeAs(names);
  }

  @Test
  void aByteThatIsNoCharacterIsShownAsSuch() {
    String text = PathText.of(new byte[] {'b', (byte) 0xE9, 's', 'e'});
    assertThat(text).isEqualTo("b\uDBFF\uDFE9se");
    assertThat(PathText.isPlain(text)).isFalse();
    assertThat(PathText.shown(text)).isEqualTo("b\uFFFDse");
  }

  /** No text leads to a slash or a zero that was not looked at. */
  @Test
  void onlyBytesBeyondAsciiStandForThemselves() {
    assertThat(PathText.bytes(new StringBuilder("a").appendCodePoint(0x10FF2F).toString()))
        .hasSize(5);
    assertThat(PathText.bytes("\uDBFF")).isEqualTo(new byte[] {'?'});
  }
}
