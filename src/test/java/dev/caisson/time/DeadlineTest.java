package dev.caisson.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A deadline leaves time until it is over, and ends a wait then. */
class DeadlineTest {

  @Test
  void leavesTimeUntilItIsOver() {
    Deadline far = Deadline.in(Duration.ofHours(1));

    assertThat(far.isOver()).isFalse();
    assertThat(far.left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(Deadline.in(Duration.ZERO).isOver()).isTrue();
    assertThat(Deadline.in(Duration.ofSeconds(-1)).left()).isZero();
  }

  @Test
  void endsAWaitThatNobodyEnds() throws Exception {
    Deadline soon = Deadline.in(Duration.ofMillis(20));
    synchronized (this) {
      while (!soon.isOver()) {
        soon.waitOn(this);
      }
      soon.waitOn(this);
    }

    assertThat(soon.nanos()).isZero();
  }
}
