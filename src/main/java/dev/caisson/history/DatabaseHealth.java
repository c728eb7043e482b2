package dev.caisson.history;

import dev.caisson.sandbox.SandboxException;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The health of the database, the component {@code db}: whether it answers a question of ours, and
 * takes what is to be written; in place of Boot's, which asks the driver alone.
 */
@Component("dbHealthIndicator")
final class DatabaseHealth implements HealthIndicator {
  private static final Duration MOST_LAG = Duration.ofSeconds(10);

  private final Database database;
  private final BatchWriter ledger;

  DatabaseHealth(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public Health health() {
    double lag = ledger.lag();
    if (lag > MOST_LAG.toSeconds()) {
      return Health.down()
          .withDetail("reason", "what is to be written waits for %.0f s".formatted(lag))
          .build();
    }
    try {
      long last = database.number("select mark from marks where name = 'event'");
      return Health.up().withDetail("lastEvent", last).build();
    } catch (SandboxException.RecordsAway e) {
      return Health.down().withDetail("reason", "the database does not answer").build();
    }
  }
}
