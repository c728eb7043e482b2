package dev.caisson.host;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A registry mirror of the daemons in sandboxes, and whether it answers the service.
 *
 * @param reason how it answered, or why it did not
 */
@Schema(name = "RegistryMirror")
public record RegistryMirror(
    @Schema(example = "http://172.17.0.1:5001") String url,
    boolean answers,
    String reason,
    @Nullable String remedy) {

  /** Returns a warning for readers of a failed pull, or of the host's report. */
  public String warning() {
    return "Registry mirror "
        + url
        + " does not answer the service: "
        + reason
        + (remedy == null ? "" : ". Remedy: " + remedy);
  }
}
