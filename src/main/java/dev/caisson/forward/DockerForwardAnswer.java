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
            description =
                "Address on the service's host; it stays the same for as long as the forward is"
                    + " open",
            example = "127.83.4.9")
        String host,
    @Schema(
            description = "Value for DOCKER_HOST, if `engine` was requested",
            example = "tcp://127.83.4.9:2375")
        @Nullable String engine,
    List<PortAnswer> ports) {

  /** A port that a container publishes. */
  @Schema(name = "DockerForwardPort")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PortAnswer(
      @Schema(
              description = "Port number, the same on the service's host and in the sandbox",
              example = "32768")
          int port,
      @Schema(description = "Whether the port can be reached at this address") boolean listening,
      @Schema(description = "Reason why the port cannot be reached") @Nullable String reason,
      @Schema(description = "Number of open connections") int connections) {}

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
