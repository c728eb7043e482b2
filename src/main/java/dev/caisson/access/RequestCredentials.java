package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The key or token that a request brings, wherever it has it. */
final class RequestCredentials {
  private static final String SCHEME = "Bearer ";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

  private RequestCredentials() {}

  /** Returns the key or token in the Authorization header, null if there is none. */
  static @Nullable String bearer(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? filled(header.substring(SCHEME.length()).strip())
        : null;
  }

  /**
   * Returns a key among the protocols that a handshake offers: a browser's WebSocket can send
   * nothing else. Null if there is none, if there is an Authorization header, or if it is no
   * handshake.
   */
  static @Nullable String offered(HttpServletRequest request) {
    if (!request.getMethod().equals("GET")
        || !"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
        || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
      return null;
    }
    return Collections.list(request.getHeaders(PROTOCOLS)).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(Caller.KEY_PROTOCOL))
        .map(protocol -> protocol.substring(Caller.KEY_PROTOCOL.length()))
        .findFirst()
        .map(RequestCredentials::filled)
        .orElse(null);
  }

  /** Returns the key, or null if it is empty: then it is none, whatever it is compared with. */
  private static @Nullable String filled(String key) {
    return key.isEmpty() ? null : key;
  }
}
