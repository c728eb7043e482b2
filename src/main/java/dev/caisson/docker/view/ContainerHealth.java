package dev.caisson.docker.view;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What the health check of a container says; NONE where it has none. */
enum ContainerHealth {
  NONE,
  STARTING,
  HEALTHY,
  UNHEALTHY;

  /** Of a container's inspected {@code State}. */
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
