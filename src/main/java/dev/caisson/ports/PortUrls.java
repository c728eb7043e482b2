package dev.caisson.ports;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The URLs of a port, as seen by the caller. */
@Schema(name = "PortUrls")
record PortUrls(
    @Schema(
            description =
                "URL below a path of the service, for programs; null if the operator has closed"
                    + " that path (`caisson.ports.by-path`)",
            example = "http://127.0.0.1:8080/v1/sandboxes/sb-7f3k9q2m/ports/3000/")
        @Nullable String path,
    @Schema(
            description =
                "URL with a host name of its own, for browsers; null if the service has no domain"
                    + " for ports",
            example = "http://3000-sb-7f3k9q2m.sandboxes.example:8080/")
        @Nullable String host,
    @Schema(
            description = "URL of a WebSocket that carries the port's bytes",
            example = "ws://127.0.0.1:8080/v1/sandboxes/sb-7f3k9q2m/tunnels/3000")
        String tunnel) {

  static PortUrls of(Port port, Address service, @Nullable String name, boolean byPath) {
    String sandbox = "/v1/sandboxes/" + port.sandbox();
    Address own = service.named(name);
    return new PortUrls(
        byPath ? service.http() + sandbox + "/ports/" + port.number() + "/" : null,
        own == null ? null : own.http() + "/",
        service.http().replaceFirst("^http", "ws") + sandbox + "/tunnels/" + port.number());
  }

  /** Returns the URL that a browser is best sent to, of those there are. */
  String best() {
    return host != null ? host : path != null ? path : tunnel;
  }
}
