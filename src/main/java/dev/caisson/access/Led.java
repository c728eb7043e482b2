package dev.caisson.access;

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

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(uri);
  }
}
