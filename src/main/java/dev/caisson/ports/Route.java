package dev.caisson.ports;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a request for a port leads.
 *
 * @param prefix of its path that the other end does not see; empty with a host name
 * @param target path and query, as the other end sees them
 */
record Route(Port port, Way way, String prefix, String target) {
  private static final String MARK = Route.class.getName();

  /** How the port was named. */
  enum Way {
    /** By the path: its answers share the origin of the service. */
    PATH,
    /** By the path, which the operator has closed: nothing is passed on. */
    CLOSED_PATH,
    /** By a host name: it has an origin of its own. */
    HOST,
    /** By the path of a tunnel, which is not passed on as HTTP. */
    TUNNEL
  }

  /** The same with what of the query is for the other end. */
  Route withQuery(@Nullable String query) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    return new Route(port, way, prefix, query == null ? path : path + "?" + query);
  }

  void mark(HttpServletRequest request) {
    request.setAttribute(MARK, this);
  }

  /** Of a request that was found to have one. */
  static @Nullable Route of(HttpServletRequest request) {
    return request.getAttribute(MARK) instanceof Route known ? known : null;
  }

  static Route marked(HttpServletRequest request) {
    return Objects.requireNonNull(of(request));
  }
}
