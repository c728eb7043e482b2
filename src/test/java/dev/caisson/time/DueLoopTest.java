package dev.caisson.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop runs when something is due and when it is woken, and never in vain. */
@Timeout(30)
class DueLoopTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private final DueLoop loop =
      new DueLoop("test", Duration.ofHours(1), Clock.fixed(NOW, ZoneOffset.UTC));
  private final Semaphore rounds = new Semaphore(0);

  @AfterEach
  void stop() {
    loop.stop(Duration.ofSeconds(10));
  }

  @Test
  void runsAtOnceAndAgainWhenSomethingIsDue() throws Exception {
    loop.start(() -> {
      rounds.release();
      return NOW.plusMillis(1);
    });

    rounds.acquire(3);
  }

  @Test
  void waitsUntilItIsWokenWhereNothingIsDue() throws Exception {
    loop.start(() -> {
      rounds.release();
      return null;
    });
    rounds.acquire();
    assertThat(rounds.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();

    loop.wake();

    rounds.acquire();
  }

  @Test
  void goesOnAfterARoundThatFailed() throws Exception {
    loop.start(() -> {
      rounds.release();
      throw new IllegalStateException("not today");
    });
    rounds.acquire();

    loop.wake();

    rounds.acquire();
  }

  @Test
  void runsNoRoundAfterItsStop() throws Exception {
    loop.start(() -> {
      rounds.release();
      return null;
    });
    rounds.acquire();

    loop.stop(Duration.ofSeconds(10));
    loop.wake();

    assertThat(loop.isRunning()).isFalse();
    assertThat(rounds.tryAcquire(50, TimeUnit.MILLISECONDS)).isFalse();
  }
}
