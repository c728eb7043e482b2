package dev.caisson.engine;

import dev.caisson.sandbox.Engine;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The health of the engine, the component {@code engine}: whether it answers within a deadline of
 * its own.
 */
@Component("engineHealthIndicator")
final class EngineHealth implements HealthIndicator {
  private final Engine engine;

  EngineHealth(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Health health() {
    return engine.answers()
        ? Health.up().build()
        : Health.down().withDetail("reason", "the container engine does not answer").build();
  }
}
