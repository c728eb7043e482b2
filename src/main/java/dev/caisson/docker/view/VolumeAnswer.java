package dev.caisson.docker.view;

import dev.caisson.docker.DaemonJson;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A volume that the daemon of a sandbox has. */
@Schema(name = "Volume")
record VolumeAnswer(
    String name,
    @Schema(example = "local") String driver,
    String mountpoint,
    @Nullable Instant createdAt,
    Map<String, String> labels) {

  static VolumeAnswer from(JsonNode volume) {
    return new VolumeAnswer(
        DaemonJson.text(volume, "Name"),
        DaemonJson.text(volume, "Driver"),
        DaemonJson.text(volume, "Mountpoint"),
        DaemonJson.time(volume, "CreatedAt"),
        DaemonJson.texts(volume, "Labels"));
  }
}
