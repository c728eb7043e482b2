package dev.caisson.engine;

import dev.caisson.sandbox.SandboxProperties;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/** The health of the two places that fill up: the service's own, and the engine's. */
@Configuration(proxyBeanMethods = false)
class DiskHealth {

  /**
   * Replaces Boot's indicator, by its name, which looks at the directory that the service runs in.
   */
  @Bean
  CompositeHealthContributor diskSpaceHealthIndicator(
      SandboxProperties sandboxes,
      DockerEngine engine,
      @Value("${management.health.diskspace.threshold:10MB}") DataSize threshold) {
    return CompositeHealthContributor.fromMap(
        Map.of(
            "home",
            new DiskSpaceHealthIndicator(sandboxes.home().toFile(), threshold),
            "engine",
            new EngineDisk(
                () -> engine.answers() ? engine.directory() : Optional.empty(), threshold)));
  }
}
