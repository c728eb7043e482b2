package dev.caisson.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Pauses grow to their bound and stay there, until an attempt succeeds. */
class RetryPauseTest {

  @Test
  void doublesUpToItsBoundUntilItIsReset() {
    RetryPause pause = new RetryPause(Duration.ofMillis(50), Duration.ofMillis(300));

    assertThat(LongStream.generate(() -> pause.next().toMillis()).limit(1000))
        .startsWith(50L, 100L, 200L, 300L, 300L)
        .endsWith(300L);
    pause.reset();
    assertThat(pause.next()).isEqualTo(Duration.ofMillis(50));
  }
}
