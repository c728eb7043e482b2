package dev.caisson.access;

import dev.caisson.connection.CertifiedPort;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request that a grant has led to where its sandbox is; its token is not seen any more. */
final class Led extends HttpServletRequestWrapper {
  private final String uri;

  Led(HttpServletRequest request, String uri) {
    super(request);
    this.uri = uri;
  }

  @Override
  public String getRequestURI() {
    return uri;
  }

  @Override
  public String getServletPath() {
    return uri;
  }

  /**
   * Returns a fixed name at the port for certificates: no host name says anything there, be it one
   * that is a port's elsewhere.
   */
  @Override
  public String getServerName() {
    return CertifiedPort.received(this) ? "docker" : super.getServerName();
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(uri);
  }
}
