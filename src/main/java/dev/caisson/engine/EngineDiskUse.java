package dev.caisson.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.engine.client.Labels;
import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The space that the engine says its containers and volumes take ({@code docker system df}). */
final class EngineDiskUse {
  /**
   * The longest time for an answer, for which the engine reads every directory of every container.
   */
  static final Duration DEADLINE = Duration.ofMinutes(10);

  private EngineDiskUse() {}

  /**
   * Reads what each sandbox takes: its writable layer, and what it can write of volumes, each once.
   */
  static Map<SandboxId, Long> read(InputStream body) throws IOException {
    JsonNode all = DockerClientConfig.getDefaultObjectMapper().readTree(body);
    Map<String, Long> volumes = new HashMap<>();
    for (JsonNode volume : all.path("Volumes")) {
      // -1 where it cannot be told.
      volumes.put(
          volume.path("Name").asText(), Math.max(0, volume.at("/UsageData/Size").asLong(0)));
    }
    Map<SandboxId, Long> use = new HashMap<>();
    for (JsonNode container : all.path("Containers")) {
      Optional<SandboxId> id =
          SandboxId.parse(container.path("Labels").path(Labels.SANDBOX).asText());
      id.ifPresent(found -> use.put(found, kept(container, volumes)));
    }
    return use;
  }

  private static long kept(JsonNode container, Map<String, Long> volumes) {
    long bytes = container.path("SizeRw").asLong(0);
    Set<String> seen = new HashSet<>();
    for (JsonNode mount : container.path("Mounts")) {
      String name = mount.path("Name").asText();
      if (mount.path("RW").asBoolean() && seen.add(name)) {
        bytes += volumes.getOrDefault(name, 0L);
      }
    }
    return bytes;
  }
}
