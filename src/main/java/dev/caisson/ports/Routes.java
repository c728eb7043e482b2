package dev.caisson.ports;

import dev.caisson.access.PassedOn;
import dev.caisson.sandbox.SandboxId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The routes of requests for ports, found by host name first, then by path. */
@Component
class Routes implements PassedOn {
  private static final String SANDBOX = "(sb-[a-z2-9]{8})";
  private static final String NUMBER = "([1-9][0-9]{0,4})";
  private static final Pattern PATH =
      Pattern.compile("(/v1/sandboxes/" + SANDBOX + "/(ports|tunnels)/" + NUMBER + ")(/.*)?");
  private static final Pattern NAME = Pattern.compile(NUMBER + "-" + SANDBOX);

  private final @Nullable String domain;
  private final boolean byPath;

  Routes(PortsProperties properties) {
    this.domain = properties.domain() == null ? null : "." + properties.domain();
    this.byPath = properties.areByPath();
  }

  /** Returns where a request leads; null if not to a port. */
  @Nullable Route of(HttpServletRequest request) {
    Route known = Route.of(request);
    if (known != null) {
      return known;
    }
    Route found = byName(request);
    found = found == null ? byPath(request) : found;
    if (found != null) {
      found.mark(request);
    }
    return found;
  }

  /** Returns whether a request is passed on to a port as HTTP; a tunnel has nothing below it. */
  @Override
  public boolean passesOn(HttpServletRequest request) {
    Route route = of(request);
    return route != null && (route.way() == Route.Way.PATH || route.way() == Route.Way.HOST);
  }

  /** Returns the URLs of a port for callers that reach the service under this address. */
  PortUrls urls(Port port, Address service) {
    return PortUrls.of(port, service, name(port), byPath);
  }

  /** Returns the host name of a port; null if there are none. */
  private @Nullable String name(Port port) {
    return domain == null ? null : port.number() + "-" + port.sandbox() + domain;
  }

  private @Nullable Route byName(HttpServletRequest request) {
    if (domain == null) {
      return null;
    }
    String name = request.getServerName().toLowerCase(Locale.ROOT);
    if (!name.endsWith(domain)) {
      return null;
    }
    Matcher match = NAME.matcher(name.substring(0, name.length() - domain.length()));
    if (!match.matches() || !Port.isPort(Long.parseLong(match.group(1)))) {
      return null;
    }
    Port port = new Port(new SandboxId(match.group(2)), Integer.parseInt(match.group(1)));
    return new Route(port, Route.Way.HOST, "", target(request.getRequestURI(), request));
  }

  /**
   * Finds the route by the path as it was written, up to where it is passed on as it was written.
   */
  private @Nullable Route byPath(HttpServletRequest request) {
    String uri = request.getRequestURI();
    Matcher match = PATH.matcher(uri);
    if (!match.matches() || !Port.isPort(Long.parseLong(match.group(4)))) {
      return null;
    }
    String prefix = match.group(1);
    String below = match.group(5);
    boolean tunnel = match.group(3).equals("tunnels");
    if (tunnel == (below != null)) {
      return null;
    }
    Port port = new Port(new SandboxId(match.group(2)), Integer.parseInt(match.group(4)));
    Route.Way open = byPath ? Route.Way.PATH : Route.Way.CLOSED_PATH;
    return tunnel
        ? new Route(port, Route.Way.TUNNEL, prefix, target(uri, request))
        : new Route(port, open, prefix, target(below, request));
  }

  private static String target(String path, HttpServletRequest request) {
    String query = request.getQueryString();
    return query == null ? path : path + "?" + query;
  }
}
