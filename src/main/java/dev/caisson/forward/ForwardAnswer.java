package dev.caisson.forward;

import io.swagger.v3.oas.annotations.media.Schema;

/** A forward of one port, as its owner sees it. */
@Schema(name = "Forward")
record ForwardAnswer(
    @Schema(example = "fw-1") String id,
    @Schema(description = "In the sandbox", example = "5432") int port,
    @Schema(description = "On the service's host", example = "127.0.0.1") String host,
    @Schema(example = "40123") int listen,
    @Schema(description = "How many are connected now") int connections) {

  static ForwardAnswer from(PortForward forward) {
    Listener listener = forward.listener();
    return new ForwardAnswer(
        forward.id(), forward.port(), listener.host(), listener.port(), listener.connected());
  }
}
