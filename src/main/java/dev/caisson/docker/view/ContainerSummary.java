package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A container of a sandbox, as a list has it. */
@Schema(name = "ContainerSummary")
record ContainerSummary(
    String id,
    @Schema(example = "web") String name,
    @Schema(example = "nginx:latest") String image,
    String imageId,
    ContainerState state,
    @Schema(description = "State in the daemon's words", example = "Up 3 minutes (healthy)")
        String status,
    Instant createdAt,
    List<PublishedPort> ports,
    Map<String, String> labels) {

  static ContainerSummary from(JsonNode container) {
    List<String> names = DaemonJson.words(container, "Names");
    return new ContainerSummary(
        DaemonJson.text(container, "Id"),
        names.isEmpty() ? "" : names.getFirst().replaceFirst("^/", ""),
        DaemonJson.text(container, "Image"),
        DaemonJson.text(container, "ImageID"),
        ContainerState.of(DaemonJson.text(container, "State")),
        DaemonJson.text(container, "Status"),
        DaemonJson.seconds(container, "Created"),
        DaemonJson.each(container.path("Ports"), PublishedPort::from),
        DaemonJson.texts(container, "Labels"));
  }
}
