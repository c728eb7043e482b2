package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DaemonBudgetTest {

  private final DaemonBudget budget = new DaemonBudget();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void waitsTwiceAsLongEachTimeAndEndsAfterTheFifth() {
    assertThat(budget.grant(now)).isEqualTo(Duration.ofMillis(250));
    assertThat(budget.grant(now)).isEqualTo(Duration.ofMillis(500));
    assertThat(budget.grant(now)).isEqualTo(Duration.ofSeconds(1));
    assertThat(budget.grant(now)).isEqualTo(Duration.ofSeconds(2));
    assertThat(budget.grant(now)).isEqualTo(Duration.ofSeconds(4));
    assertThat(budget.grant(now)).isNull();
    assertThat(budget.used()).isEqualTo(5);
  }

  @Test
  void aDaemonThatStaysUpForAMinuteBeginsAnew() {
    for (int i = 0; i < 5; i++) {
      budget.grant(now);
    }
    now = now.plusSeconds(61);
    budget.ready(now);
    assertThat(budget.grant(now)).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void oneThatCrashesSlowlyAndNeverAnswersIsGivenUpToo() {
    for (int i = 0; i < 5; i++) {
      assertThat(budget.grant(now)).isNotNull();
      now = now.plusSeconds(30);
    }
    assertThat(budget.grant(now)).isNull();
  }

  @Test
  void oneThatCrashesNowAndThenIsAlwaysStartedAgain() {
    for (int i = 0; i < 20; i++) {
      assertThat(budget.grant(now)).isNotNull();
      budget.ready(now.plusSeconds(1));
      now = now.plusSeconds(20);
    }
  }

  @Test
  void muteOnesAddUpOverTenMinutes() {
    for (int i = 0; i < 5; i++) {
      assertThat(budget.grant(now, DaemonBudget.MUTE_WINDOW)).isNotNull();
      now = now.plusSeconds(90);
      budget.ready(now);
    }
    assertThat(budget.grant(now, DaemonBudget.MUTE_WINDOW)).isNull();
    now = now.plusSeconds(300);
    budget.ready(now);
    assertThat(budget.grant(now, DaemonBudget.MUTE_WINDOW)).isNotNull();
  }

  @Test
  void aPersonsStartForgivesAll() {
    for (int i = 0; i < 5; i++) {
      budget.grant(now);
    }
    budget.forgive();
    assertThat(budget.grant(now)).isEqualTo(Duration.ofMillis(250));
  }
}
