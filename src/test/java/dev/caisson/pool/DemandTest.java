package dev.caisson.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How many spare sandboxes are wanted. */
class DemandTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private Instant now = Instant.EPOCH;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final Demand demand = new Demand(new PoolSize(1, 8), WINDOW, clock);

  @Test
  void growsWhenSomebodyFoundNone() {
    assertThat(demand.target()).isEqualTo(1);
    demand.missed();
    assertThat(demand.target()).isEqualTo(2);
    demand.missed();
    assertThat(demand.target()).isEqualTo(4);
    demand.missed();
    demand.missed();
    assertThat(demand.target()).as("never beyond the maximum").isEqualTo(8);
  }

  @Test
  void growsByOneWhenTheLastOneWasTaken() {
    demand.taken(0);
    assertThat(demand.target()).isEqualTo(2);
    demand.taken(1);
    assertThat(demand.target()).isEqualTo(2);
  }

  @Test
  void givesBackWhatAWholeWindowNeverNeeded() {
    demand.missed();
    demand.missed();
    demand.missed();
    assertThat(demand.target()).isEqualTo(7);
    now = demand.due();
    demand.review(7);
    assertThat(demand.target()).as("there was none at one time").isEqualTo(7);

    demand.taken(6);
    demand.taken(5);
    now = now.plus(Duration.ofMinutes(1));
    demand.review(7);
    assertThat(demand.target()).as("the window is not over").isEqualTo(7);
    now = demand.due();
    demand.review(7);
    assertThat(demand.target()).as("five were never needed").isEqualTo(2);

    now = demand.due();
    demand.review(2);
    assertThat(demand.target()).as("never below the minimum").isEqualTo(1);
  }
}
