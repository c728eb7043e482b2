package dev.caisson.supervisor.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes when it is told to. */
final class DaemonClock extends Clock {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  void to(Instant instant) {
    now = instant;
  }

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
}
