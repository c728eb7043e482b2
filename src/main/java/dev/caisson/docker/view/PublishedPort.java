package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A port of a container, and where it is published in the sandbox.
 *
 * @param publishedPort null where the port is not published
 */
@Schema(name = "PublishedPort")
record PublishedPort(
    @Schema(example = "80") int port,
    @Schema(example = "tcp") String protocol,
    @Schema(example = "0.0.0.0") @Nullable String address,
    @Schema(example = "8080") @Nullable Integer publishedPort) {

  /** Converts an entry of a list. */
  static PublishedPort from(JsonNode port) {
    int published = (int) DaemonJson.number(port, "PublicPort");
    return new PublishedPort(
        (int) DaemonJson.number(port, "PrivatePort"),
        DaemonJson.text(port, "Type"),
        DaemonJson.textIfAny(port, "IP"),
        published == 0 ? null : published);
  }

  /** Returns the ports in an inspected container's {@code NetworkSettings.Ports}. */
  static List<PublishedPort> all(JsonNode ports) {
    List<PublishedPort> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : ports.properties()) {
      String[] parts = entry.getKey().split("/", 2);
      int port = parts[0].matches("[0-9]{1,5}") ? Integer.parseInt(parts[0]) : 0;
      String protocol = parts.length > 1 ? parts[1] : "tcp";
      if (entry.getValue().isEmpty()) {
        all.add(new PublishedPort(port, protocol, null, null));
      }
      for (JsonNode binding : entry.getValue()) {
        all.add(
            new PublishedPort(
                port,
                protocol,
                DaemonJson.textIfAny(binding, "HostIp"),
                binding.path("HostPort").asInt(0)));
      }
    }
    return all;
  }
}
