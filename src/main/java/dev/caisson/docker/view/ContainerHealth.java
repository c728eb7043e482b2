package dev.caisson.docker.view;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The result of a container's health check; NONE where it has none. */
enum ContainerHealth {
  NONE,
  STARTING,
  HEALTHY,
  UNHEALTHY;

  /** Returns the health in a container's inspected {@code State}. */
  static ContainerHealth of(JsonNode state) {
    String word = state.path("Health").path("Status").asString("").toUpperCase(Locale.ROOT);
    for (ContainerHealth health : values()) {
      if (health.name().equals(word)) {
        return health;
      }
    }
    return NONE;
  }
}
