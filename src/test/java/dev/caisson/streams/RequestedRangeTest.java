package dev.caisson.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that a Range header asks for, as far as they exist. */
class RequestedRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=2-4, 2, 5",
    "bytes=7-, 7, 10",
    "bytes=7-99, 7, 10",
    "bytes=-3, 7, 10",
    "bytes=-30, 0, 10"
  })
  void isAsMuchAsThereIs(String header, long start, long end) {
    assertThat(requested(header).in(0, 10)).isEqualTo(new ByteRange(start, end));
  }

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
  void isCutToWhatIsKept(String header, long start, long end) {
    assertThat(requested(header).in(100, 1000)).isEqualTo(new ByteRange(start, end));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=1000-", "bytes=1000-1001", "bytes=0-99", "bytes=-0", "bytes=5000-6000"})
  void mayBeNothing(String header) {
    assertThat(requested(header).in(100, 1000).length()).isNotPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=5-2", "bytes=x-", "bytes", ""})
  void isIgnoredWhereItIsNoneOfThese(String header) {
    assertThat(RequestedRange.of(header)).isNull();
  }

  @Test
  void isTheWholeWhereNothingElseIsAsked() {
    assertThat(RequestedRange.WHOLE.in(0, 10)).isEqualTo(new ByteRange(0, 10));
    assertThat(RequestedRange.WHOLE.in(0, 0).length()).isZero();
  }

  @Test
  void namesItsLastByte() {
    assertThat(requested("bytes=-3").in(0, 10).contentRange(10)).isEqualTo("bytes 7-9/10");
    assertThat(new ByteRange(100, 200).contentRange(1000)).isEqualTo("bytes 100-199/1000");
  }

  private static RequestedRange requested(String header) {
    return Objects.requireNonNull(RequestedRange.of(header));
  }
}
