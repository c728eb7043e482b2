package dev.caisson.supervisor.process;

import static dev.caisson.supervisor.wire.ProcessInfo.Cause.EXITED;
import static dev.caisson.supervisor.wire.ProcessInfo.Cause.KILLED_BY_USER;
import static dev.caisson.supervisor.wire.ProcessInfo.Cause.OUT_OF_MEMORY;
import static dev.caisson.supervisor.wire.ProcessInfo.Cause.SANDBOX_ENDED;
import static dev.caisson.supervisor.wire.ProcessInfo.Cause.SIGNALED;
import static dev.caisson.supervisor.wire.ProcessInfo.Cause.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When something is started again, without any time passing. */
class BackoffTest {
  private final Backoff backoff = new Backoff();
  private long now = 1_000_000_000;

  @Test
  void doublesThePauseUpToTheMostWithinAMinute() {
    List<@Nullable Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pauses.add(afterRunning(Duration.ofMillis(10)));
    }

    assertThat(pauses)
        .containsExactly(
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            null);
  }

  @Test
  void pausesNoLongerThanFiveSecondsAndGoesOnForEver() {
    for (int i = 0; i < 5; i++) {
      afterRunning(Duration.ofSeconds(14));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(afterRunning(Duration.ofSeconds(14))).isEqualTo(Backoff.LONGEST);
    }
  }

  @Test
  void beginsAnewAfterOneThatRanWell() {
    for (int i = 0; i < 5; i++) {
      afterRunning(Duration.ZERO);
    }

    assertThat(afterRunning(Duration.ofSeconds(60))).isEqualTo(Backoff.FIRST);
    assertThat(afterRunning(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void followsThePolicyAndNoEndThatWasAskedFor() {
    assertThat(wanted(0, null, EXITED)).containsExactly(RestartPolicy.ALWAYS);
    for (ProcessInfo.Exit again :
        List.of(
            exit(3, null, EXITED),
            exit(139, "SEGV", SIGNALED),
            exit(143, "TERM", SIGNALED),
            exit(137, "KILL", OUT_OF_MEMORY),
            exit(138, "USR1", KILLED_BY_USER))) {
      assertThat(wanted(again)).containsExactly(RestartPolicy.ON_FAILURE, RestartPolicy.ALWAYS);
    }
    for (String signal : List.of("TERM", "KILL", "INT", "QUIT", "HUP")) {
      assertThat(wanted(130, signal, KILLED_BY_USER)).isEmpty();
    }
    assertThat(wanted(4, null, KILLED_BY_USER)).isEmpty();
    assertThat(wanted(143, "TERM", TIMEOUT)).isEmpty();
    assertThat(wanted(143, "TERM", SANDBOX_ENDED)).isEmpty();
  }

  private @Nullable Duration afterRunning(Duration life) {
    long started = now;
    now += Backoff.micros(life);
    Duration pause = backoff.next(started, now);
    now += pause == null ? 0 : Backoff.micros(pause);
    return pause;
  }

  private static List<RestartPolicy> wanted(
      int code, @Nullable String signal, ProcessInfo.Cause cause) {
    return wanted(exit(code, signal, cause));
  }

  private static List<RestartPolicy> wanted(ProcessInfo.Exit exit) {
    return List.of(RestartPolicy.values()).stream()
        .filter(policy -> Backoff.wanted(policy, exit))
        .toList();
  }

  private static ProcessInfo.Exit exit(int code, @Nullable String signal, ProcessInfo.Cause cause) {
    return new ProcessInfo.Exit(code, signal, cause, 0);
  }
}
