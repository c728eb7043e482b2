package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An image that the daemon of a sandbox has. */
@Schema(name = "Image")
record ImageAnswer(
    String id,
    @Schema(example = "[\"nginx:latest\"]") List<String> tags,
    List<String> digests,
    @Schema(description = "Size in bytes, including shared layers") long sizeBytes,
    Instant createdAt,
    Map<String, String> labels) {

  static ImageAnswer from(JsonNode image) {
    return new ImageAnswer(
        DaemonJson.text(image, "Id"),
        DaemonJson.words(image, "RepoTags"),
        DaemonJson.words(image, "RepoDigests"),
        DaemonJson.number(image, "Size"),
        DaemonJson.seconds(image, "Created"),
        DaemonJson.texts(image, "Labels"));
  }
}
