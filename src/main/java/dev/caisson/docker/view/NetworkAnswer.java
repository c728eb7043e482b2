package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A network that the daemon of a sandbox has. */
@Schema(name = "Network")
record NetworkAnswer(
    String id,
    @Schema(example = "bridge") String name,
    @Schema(example = "bridge") String driver,
    boolean internal,
    @Schema(example = "[\"10.201.0.0/24\"]") List<String> subnets,
    @Nullable Instant createdAt,
    Map<String, String> labels) {

  static NetworkAnswer from(JsonNode network) {
    return new NetworkAnswer(
        DaemonJson.text(network, "Id"),
        DaemonJson.text(network, "Name"),
        DaemonJson.text(network, "Driver"),
        DaemonJson.truth(network, "Internal"),
        DaemonJson.each(
            network.path("IPAM").path("Config"), range -> DaemonJson.text(range, "Subnet")),
        DaemonJson.time(network, "Created"),
        DaemonJson.texts(network, "Labels"));
  }
}
