package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Range header asks for, of a stream of 1000 bytes whose first 100 are dropped. */
class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=100-199, 100, 200",
    "bytes=100-, 100, 1000",
    "bytes=0-, 100, 1000",
    "bytes=-10, 990, 1000",
    "bytes=-5000, 100, 1000",
    "bytes=999-, 999, 1000",
    "bytes=900-5000, 900, 1000",
    "bytes=50-149, 100, 150"
  })
  void oneRangeIsCutToWhatIsKept(String header, long start, long end) {
    assertThat(ByteRange.of(header, 100, 1000)).isEqualTo(new ByteRange(start, end));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=9-3", "bytes=x-", "bytes"})
  void whatIsNotOneRangeOfBytesIsIgnored(String header) {
    assertThat(ByteRange.of(header, 100, 1000)).isNull();
  }

  @Test
  void noHeaderIsNoRange() {
    assertThat(ByteRange.of(null, 0, 10)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=0-99", "bytes=-0", "bytes=5000-6000"})
  void aRangeOfWhichNothingIsThereIsRefusedWithTheSize(String header) {
    assertThatThrownBy(() -> ByteRange.of(header, 100, 1000))
        .isInstanceOfSatisfying(
            ProcessException.NoSuchRange.class,
            e -> {
              assertThat(e.bytes).isEqualTo(1000);
              assertThat(e.details()).containsEntry("bytes", 1000L).containsEntry("dropped", 100L);
            });
  }

  @Test
  void itsHeaderNamesTheLastByteIncluded() {
    assertThat(new ByteRange(100, 200).contentRange(1000)).isEqualTo("bytes 100-199/1000");
  }
}
