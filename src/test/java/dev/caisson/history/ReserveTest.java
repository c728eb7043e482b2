package dev.caisson.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space that is taken once, given up once, and taken again. */
class ReserveTest {
  @TempDir Path home;

  @Test
  void itIsRealSpaceAndIsGivenUpOnce() {
    Reserve reserve = new Reserve(TestHistory.properties(home));
    assertThat(reserve.giveUp()).isFalse();
    reserve.take();
    assertThat(home.resolve("reserve")).hasSize(16 << 20);
    assertThat(home.resolve("reserve.part")).doesNotExist();
    assertThat(reserve.giveUp()).isTrue();
    assertThat(reserve.giveUp()).isFalse();
    reserve.take();
    assertThat(home.resolve("reserve")).exists();
  }
}
