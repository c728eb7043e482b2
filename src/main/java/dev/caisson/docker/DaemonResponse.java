package dev.caisson.docker;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Locale;
import java.util.Set;

/**
 * The answer of a daemon, which a sandbox's root can replace: to a browser it says nothing for the
 * origin or the domain that it comes from, and is a document of none.
 */
final class DaemonResponse extends HttpServletResponseWrapper {
  /** The headers that no Docker client reads, and a browser keeps. */
  private static final Set<String> OF_THE_ORIGIN =
      Set.of(
          "alt-svc",
          "clear-site-data",
          "service-worker-allowed",
          "set-cookie",
          "set-cookie2",
          "strict-transport-security");

  DaemonResponse(HttpServletResponse response) {
    super(response);
    super.addHeader("Content-Security-Policy", "sandbox");
  }

  @Override
  public void addHeader(String name, String value) {
    if (!OF_THE_ORIGIN.contains(name.toLowerCase(Locale.ROOT))) {
      super.addHeader(name, value);
    }
  }
}
