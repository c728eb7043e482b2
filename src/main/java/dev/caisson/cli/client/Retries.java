package dev.caisson.cli.client;

import java.time.Duration;

/**
 * The attempts to reach a service that is away: soon at first, then each second, for about a
 * minute.
 */
public final class Retries {
  private static final int MOST = 60;
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 1000;

  private final Pause pause;
  private int attempt;

  public Retries(Pause pause) {
    this.pause = pause;
  }

  /** Notes that the service is there (again). */
  public void reached() {
    attempt = 0;
  }

  /** Waits until the next attempt; false when there have been enough. */
  public boolean again() {
    if (attempt >= MOST) {
      return false;
    }
    long millis = Math.min(FIRST_MILLIS << Math.min(attempt, 10), LONGEST_MILLIS);
    attempt++;
    try {
      pause.rest(Duration.ofMillis(millis));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
