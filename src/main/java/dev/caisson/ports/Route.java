package dev.caisson.ports;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The destination of a request for a port.
 *
 * @param prefix of its path that the other end does not see; empty with a host name
 * @param target path and query, as the other end sees them
 */
record Route(Port port, Way way, String prefix, String target) {
  private static final String MARK = Route.class.getName();

  /** The way in which a request names the port. */
  enum Way {
    /** The path: answers share the origin of the service. */
    PATH,
    /** The path, where the operator has closed it: nothing is passed on. */
    CLOSED_PATH,
    /** The host name: the port has an origin of its own. */
    HOST,
    /** The path of a tunnel, which is not passed on as HTTP. */
    TUNNEL
  }

  /** Returns a copy with this query, as the other end is to see it. */
  Route withQuery(@Nullable String query) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    return new Route(port, way, prefix, query == null ? path : path + "?" + query);
  }

  void mark(HttpServletRequest request) {
    request.setAttribute(MARK, this);
  }

  /** Returns the route that was found for a request before; null if none was. */
  static @Nullable Route of(HttpServletRequest request) {
    return request.getAttribute(MARK) instanceof Route known ? known : null;
  }

  static Route marked(HttpServletRequest request) {
    return Objects.requireNonNull(of(request));
  }
}
