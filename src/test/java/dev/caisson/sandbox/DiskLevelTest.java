package dev.caisson.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.DiskUse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When somebody must be told of a disk, and when not again. */
class DiskLevelTest {

  @ParameterizedTest
  @CsvSource({
    "OK, 100, 84, OK",
    "OK, 100, 85, NEAR_LIMIT",
    "NEAR_LIMIT, 100, 81, NEAR_LIMIT",
    "NEAR_LIMIT, 100, 79, OK",
    "NEAR_LIMIT, 100, 100, FULL",
    "FULL, 100, 90, NEAR_LIMIT",
    "FULL, 100, 10, OK",
    "OK, 1000, 996, FULL",
    "OK, 0, 5000, OK",
  })
  void itIsSaidOnceAndUnsaidWhenItHasGoneDownEnough(
      DiskLevel before, long limit, long used, DiskLevel then) {
    assertThat(before.next(new DiskUse(limit, used), 0.85)).isEqualTo(then);
  }
}
