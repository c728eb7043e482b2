package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A container of a sandbox in full; of its environment the names alone.
 *
 * @param exitCode null while the container has not ended
 * @param addresses by network
 */
@Schema(name = "Container")
record ContainerAnswer(
    String id,
    @Schema(example = "web") String name,
    @Schema(example = "nginx:latest") String image,
    String imageId,
    @Schema(example = "[\"nginx\", \"-g\", \"daemon off;\"]") List<String> command,
    ContainerState state,
    ContainerHealth health,
    @Nullable Integer exitCode,
    boolean outOfMemory,
    @Nullable String error,
    int restarts,
    @Schema(
            description = "Restart policy, as in `docker run --restart`",
            example = "unless-stopped")
        String restartPolicy,
    @Nullable Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    List<String> envNames,
    List<PublishedPort> ports,
    List<MountAnswer> mounts,
    @Schema(example = "{\"bridge\": \"10.201.0.2\"}") Map<String, String> addresses,
    Map<String, String> labels) {

  /** A mount of the container. */
  @Schema(name = "ContainerMount")
  record MountAnswer(
      @Schema(example = "volume") String type, String source, String target, boolean readOnly) {
    static MountAnswer from(JsonNode mount) {
      String name = DaemonJson.text(mount, "Name");
      return new MountAnswer(
          DaemonJson.text(mount, "Type"),
          name.isEmpty() ? DaemonJson.text(mount, "Source") : name,
          DaemonJson.text(mount, "Destination"),
          !DaemonJson.truth(mount, "RW"));
    }
  }

  static ContainerAnswer from(JsonNode container) {
    JsonNode state = container.path("State");
    JsonNode config = container.path("Config");
    JsonNode network = container.path("NetworkSettings");
    ContainerState word = ContainerState.of(DaemonJson.text(state, "Status"));
    boolean ended = word == ContainerState.EXITED || word == ContainerState.DEAD;
    return new ContainerAnswer(
        DaemonJson.text(container, "Id"),
        DaemonJson.text(container, "Name").replaceFirst("^/", ""),
        DaemonJson.text(config, "Image"),
        DaemonJson.text(container, "Image"),
        command(container),
        word,
        ContainerHealth.of(state),
        ended ? (int) DaemonJson.number(state, "ExitCode") : null,
        DaemonJson.truth(state, "OOMKilled"),
        DaemonJson.textIfAny(state, "Error"),
        (int) DaemonJson.number(container, "RestartCount"),
        restartPolicy(container),
        DaemonJson.time(container, "Created"),
        DaemonJson.time(state, "StartedAt"),
        ended ? DaemonJson.time(state, "FinishedAt") : null,
        DaemonJson.each(config.path("Env"), line -> line.asString("").replaceFirst("(?s)=.*", "")),
        PublishedPort.all(network.path("Ports")),
        DaemonJson.each(container.path("Mounts"), MountAnswer::from),
        addresses(network.path("Networks")),
        DaemonJson.texts(config, "Labels"));
  }

  private static String restartPolicy(JsonNode container) {
    String name = DaemonJson.text(container.path("HostConfig").path("RestartPolicy"), "Name");
    return name.isEmpty() ? "no" : name;
  }

  private static List<String> command(JsonNode container) {
    List<String> command = new ArrayList<>();
    command.add(DaemonJson.text(container, "Path"));
    command.addAll(DaemonJson.words(container, "Args"));
    return command;
  }

  private static Map<String, String> addresses(JsonNode networks) {
    Map<String, String> addresses = new TreeMap<>();
    networks
        .properties()
        .forEach(network ->
            addresses.put(network.getKey(), DaemonJson.text(network.getValue(), "IPAddress")));
    return addresses;
  }
}
