package dev.caisson.forward;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loopback address of a sandbox's own, as its owner sees it. */
@Schema(name = "DockerForward")
@JsonInclude(JsonInclude.Include.NON_NULL)
record DockerForwardAnswer(
    @Schema(
            description = "On the service's host; the same for as long as it is forwarded",
            example = "127.83.4.9")
        String host,
    @Schema(description = "For DOCKER_HOST, if it was asked for", example = "tcp://127.83.4.9:2375")
        @Nullable String engine,
    List<PortAnswer> ports) {

  /** A port that a container publishes. */
  @Schema(name = "DockerForwardPort")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PortAnswer(
      @Schema(description = "The same number here and there", example = "32768") int port,
      @Schema(description = "Whether it can be reached at this address") boolean listening,
      @Schema(description = "Why not") @Nullable String reason,
      @Schema(description = "How many are connected now") int connections) {}

  static DockerForwardAnswer from(DockerForward forward) {
    return new DockerForwardAnswer(
        forward.host(),
        forward.engine(),
        forward.ports().stream().map(DockerForwardAnswer::from).toList());
  }

  private static PortAnswer from(DockerForward.Port port) {
    Listener listener = port.listener();
    return new PortAnswer(
        port.target().port(),
        listener != null,
        port.reason(),
        listener == null ? 0 : listener.connected());
  }
}
