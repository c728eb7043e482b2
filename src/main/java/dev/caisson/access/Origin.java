package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Where a client has reached this service, as it said itself: what it is told to paste works from
 * where it is.
 *
 * @param secure whether with TLS
 * @param host name or address; one of IPv6 in brackets
 */
public record Origin(boolean secure, String host, int port) {

  /**
   * As this request names it; behind a proxy that is what the proxy forwards, if it is believed.
   */
  public static Origin of(HttpServletRequest request) {
    return new Origin(request.isSecure(), request.getServerName(), request.getServerPort());
  }

  /** Of HTTP. */
  public String http() {
    return (secure ? "https://" : "http://") + host + ":" + port;
  }

  /** As a Docker client names it; whether with TLS is told apart from it. */
  public String docker() {
    return "tcp://" + host + ":" + port;
  }
}
