package dev.caisson.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Range header asks for. */
class FileRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=2-4, 2, 3",
    "bytes=7-, 7, 3",
    "bytes=7-99, 7, 3",
    "bytes=-3, 7, 3",
    "bytes=-30, 0, 10"
  })
  void isAsMuchAsIsThere(String header, long start, long count) {
    FileRange range = Objects.requireNonNull(FileRange.of(header));
    assertThat(range.start(10)).isEqualTo(start);
    assertThat(range.count(10)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=99-100", "bytes=-0"})
  void mayBeNothing(String header) {
    FileRange range = Objects.requireNonNull(FileRange.of(header));
    assertThat(range.count(10)).isLessThanOrEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=5-2", "bytes=x-", ""})
  void isIgnoredWhereItIsNoneOfThese(String header) {
    assertThat(FileRange.of(header)).isNull();
  }

  @Test
  void saysWhatItIs() {
    assertThat(new FileRange(-3, -1).contentRange(10)).isEqualTo("bytes 7-9/10");
  }
}
