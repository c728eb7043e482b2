package dev.caisson.forward;

import io.swagger.v3.oas.annotations.media.Schema;

/** A forward of one port, as its owner sees it. */
@Schema(name = "Forward")
record ForwardAnswer(
    @Schema(example = "fw-1") String id,
    @Schema(description = "Port in the sandbox", example = "5432") int port,
    @Schema(description = "Address on the service's host", example = "127.0.0.1") String host,
    @Schema(example = "40123") int listen,
    @Schema(description = "Number of open connections") int connections) {

  static ForwardAnswer from(PortForward forward) {
    Listener listener = forward.listener();
    return new ForwardAnswer(
        forward.id(), forward.port(), listener.host(), listener.port(), listener.connected());
  }
}
