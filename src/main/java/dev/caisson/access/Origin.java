package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The address at which a client has reached this service, as it said itself: what it is given to
 * paste works from where it is.
 *
 * @param secure whether with TLS
 * @param host name or address; one of IPv6 in brackets
 */
public record Origin(boolean secure, String host, int port) {

  /**
   * Returns the origin as this request names it; behind a proxy that is what the proxy forwards, if
   * it is believed.
   */
  public static Origin of(HttpServletRequest request) {
    return new Origin(request.isSecure(), request.getServerName(), request.getServerPort());
  }

  /** Returns the address in HTTP's form. */
  public String http() {
    return (secure ? "https://" : "http://") + host + ":" + port;
  }

  /** Returns the address as a Docker client names it; whether with TLS is said apart from it. */
  public String docker() {
    return "tcp://" + host + ":" + port;
  }
}
