package dev.caisson.ports;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The address under which the service was asked, by the word of a trusted proxy before it, if any.
 *
 * @param host a name, or a numeric address (of IPv6, in brackets)
 */
record Address(String scheme, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  static Address of(HttpServletRequest request) {
    return new Address(request.getScheme(), request.getServerName(), request.getServerPort());
  }

  /** Returns the host and, where it is not the scheme's own, the port. */
  String authority() {
    return port == (scheme.equals("https") ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  String http() {
    return scheme + "://" + authority();
  }

  /** Returns a copy with another host name; null for none. */
  @Nullable Address named(@Nullable String name) {
    return name == null ? null : new Address(scheme, name, port);
  }
}
