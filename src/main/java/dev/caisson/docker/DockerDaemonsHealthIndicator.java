package dev.caisson.docker;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.supervisor.wire.DaemonStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The number of Docker daemons in each state, for health and meters. Health is always UP: a
 * sandbox's broken daemon is that sandbox's own matter and must not take the service out of
 * rotation.
 */
@Component
final class DockerDaemonsHealthIndicator implements HealthIndicator {
  private final Sandboxes sandboxes;

  DockerDaemonsHealthIndicator(Sandboxes sandboxes, MeterRegistry meters) {
    this.sandboxes = sandboxes;
    for (DaemonStatus.State state : DaemonStatus.State.values()) {
      Gauge.builder("caisson.docker.daemons", this, health -> health.count(state))
          .description("Sandboxes that have not ended, by the state of their Docker daemon")
          .tag("state", state.name())
          .register(meters);
    }
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    counts().forEach((state, count) -> health.withDetail(state.name(), count));
    return health.build();
  }

  private long count(DaemonStatus.State state) {
    return counts().getOrDefault(state, 0L);
  }

  private Map<DaemonStatus.State, Long> counts() {
    Map<DaemonStatus.State, Long> counts = new EnumMap<>(DaemonStatus.State.class);
    for (Sandbox sandbox : sandboxes.list()) {
      if (!sandbox.state().isTerminal()) {
        counts.merge(sandbox.daemon().state(), 1L, Long::sum);
      }
    }
    return counts;
  }
}
