package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Where a client has reached this service, as it said itself: what it is told to paste works from
 * where it is.
 *
 * @param secure whether with TLS
 * @param authority host and port
 */
public record Origin(boolean secure, String authority) {

  /** As this request names it. */
  public static Origin of(HttpServletRequest request) {
    int port = request.getServerPort();
    String host = request.getServerName();
    // A proxy before the service says its own port with X-Forwarded-Port, or none at all.
    String named =
        UriComponentsBuilder.newInstance()
            .scheme("http")
            .host(host)
            .port(port)
            .build()
            .toUriString()
            .substring("http://".length());
    return new Origin(request.isSecure(), named);
  }

  /** Of HTTP. */
  public String http() {
    return (secure ? "https://" : "http://") + authority;
  }

  /** As a Docker client names it; whether with TLS is told apart from it. */
  public String docker() {
    return "tcp://" + authority;
  }
}
