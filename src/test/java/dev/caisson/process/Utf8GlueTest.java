package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Gluing gives what decoding the whole at once gives, wherever the bytes were split. */
class Utf8GlueTest {
  private static final String TEXT = "Zażółć gęślą jaźń – 漢字かな – 🐳📦 – e\u0301 – ok\n";

  @Test
  void aCharacterSplitAcrossReadsComesOutWholeWithThePieceThatCompletesIt() {
    Utf8Glue glue = new Utf8Glue();
    byte[] whale = "🐳".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThat(glue.take(i, new byte[] {whale[i]})).isEmpty();
    }
    assertThat(glue.take(3, new byte[] {whale[3]})).isEqualTo("🐳");
    assertThat(glue.end()).isEmpty();
  }

  @Test
  void whatStaysIncompleteIsReplacedAtTheEndAndOnlyThen() {
    Utf8Glue glue = new Utf8Glue();
    assertThat(glue.take(0, new byte[] {'a', (byte) 0xF0, (byte) 0x9F})).isEqualTo("a");
    assertThat(glue.end()).isEqualTo("\uFFFD");
    assertThat(glue.end()).isEmpty();
  }

  @Test
  void whatWasHeldBackIsNotJoinedWithBytesBehindAGap() {
    Utf8Glue glue = new Utf8Glue();
    assertThat(glue.take(0, new byte[] {(byte) 0xC3})).isEmpty();
    assertThat(glue.take(100, new byte[] {(byte) 0xA9, 'b'})).isEqualTo("\uFFFD\uFFFDb");
  }

  @Test
  void textSplitAnywhereDecodesAsTheWhole() {
    Random random = new Random(7);
    byte[] text = TEXT.repeat(3).getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 2_000; round++) {
      assertThat(splitAndGlued(text, random)).isEqualTo(TEXT.repeat(3));
    }
  }

  @Test
  void anyBytesSplitAnywhereDecodeAsTheWhole() {
    Random random = new Random(11);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = mixture(random);
      assertThat(splitAndGlued(bytes, random))
          .as("%s", Arrays.toString(bytes))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test
  void aReaderPrimedWithTheLastBytesGoesOnAsIfItHadReadThemAll() {
    Random random = new Random(13);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = mixture(random);
      int cut = random.nextInt(bytes.length + 1);
      byte[] before = Arrays.copyOf(bytes, cut);
      byte[] after = Arrays.copyOfRange(bytes, cut, bytes.length);
      Utf8Glue one = new Utf8Glue();
      one.take(0, before);
      Utf8Glue two = new Utf8Glue();
      two.prime(Arrays.copyOfRange(before, Math.max(0, cut - Utf8Glue.MOST_HELD), cut), cut);
      assertThat(two.take(cut, after) + two.end()).isEqualTo(one.take(cut, after) + one.end());
    }
  }

  private static String splitAndGlued(byte[] bytes, Random random) {
    Utf8Glue glue = new Utf8Glue();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(bytes.length - at, random.nextInt(1, 5));
      text.append(glue.take(at, Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    return text.append(glue.end()).toString();
  }

  /** Text, and bytes that are none: broken characters, overlong ones, surrogates, noise. */
  private static byte[] mixture(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(12); i >= 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> bytes.write(text, random.nextInt(text.length - 4), 4);
        case 1 -> bytes.write(random.nextInt(0xC0, 0x100));
        default -> bytes.write(random.nextInt(0x70, 0xC0));
      }
    }
    return bytes.toByteArray();
  }
}
