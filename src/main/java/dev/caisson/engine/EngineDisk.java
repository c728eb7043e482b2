package dev.caisson.engine;

import dev.caisson.sandbox.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.util.unit.DataSize;

/** The health of the engine's disk: whether it has space left for images and containers. */
final class EngineDisk implements HealthIndicator {
  private final Supplier<Optional<Path>> directory;
  private final DataSize threshold;
  private volatile @Nullable Path known;

  /**
   * Creates the indicator for the directory that the engine names.
   *
   * @param directory as the engine says it; empty while it does not answer
   */
  EngineDisk(Supplier<Optional<Path>> directory, DataSize threshold) {
    this.directory = directory;
    this.threshold = threshold;
  }

  @Override
  public Health health() {
    Path root = known;
    if (root == null) {
      root = ask();
      known = root;
    }
    if (root == null) {
      return Health.unknown().withDetail("reason", "the container engine does not answer").build();
    }
    // An engine elsewhere, or a service in a container, which does not see it.
    if (!Files.isDirectory(root)) {
      return Health.unknown()
          .withDetail("reason", "the engine's directory is not seen from here")
          .withDetail("path", root.toString())
          .build();
    }
    return new DiskSpaceHealthIndicator(root.toFile(), threshold).health();
  }

  private @Nullable Path ask() {
    try {
      return directory.get().orElse(null);
    } catch (EngineException e) {
      return null;
    }
  }
}
