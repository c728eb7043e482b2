package dev.caisson.time;

import java.time.Duration;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/** The pause before the next attempt: twice as long after each failure, up to a bound. */
public final class RetryPause {
  private final ExponentialBackOff rule;
  private BackOffExecution attempts;

  /** Creates the pause, which lasts for the shortest time after the first failure. */
  public RetryPause(Duration shortest, Duration longest) {
    rule = new ExponentialBackOff(shortest.toMillis(), 2);
    rule.setMaxInterval(longest.toMillis());
    attempts = rule.start();
  }

  /** Returns the pause that follows one more failure. */
  public Duration next() {
    return Duration.ofMillis(attempts.nextBackOff());
  }

  /** Makes the next pause the shortest again, after a success. */
  public void reset() {
    attempts = rule.start();
  }
}
