package dev.caisson.ports;

import dev.caisson.sandbox.SandboxId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out which requests are for a port, and for which: by host name first, then by path. */
@Component
class Routes {
  private static final String SANDBOX = "(sb-[a-z2-9]{8})";
  private static final String NUMBER = "([1-9][0-9]{0,4})";
  private static final Pattern PATH =
      Pattern.compile("(/v1/sandboxes/" + SANDBOX + "/(ports|tunnels)/" + NUMBER + ")(/.*)?");
  private static final Pattern NAME = Pattern.compile(NUMBER + "-" + SANDBOX);

  private final @Nullable String domain;

  Routes(PortsProperties properties) {
    this.domain = properties.domain() == null ? null : "." + properties.domain();
  }

  /** Where it leads; null if not to a port. */
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

  /** The host name of a port; null if there are none. */
  @Nullable String name(Port port) {
    return domain == null ? null : port.number() + "-" + port.sandbox() + domain;
  }

  private @Nullable Route byName(HttpServletRequest request) {
    String name = request.getServerName().toLowerCase(Locale.ROOT);
    if (domain == null || !name.endsWith(domain)) {
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
   * The path is judged as the container has decoded and normalised it, as every other rule does; it
   * is passed on as it was written, but only where both begin with the same words.
   */
  private static @Nullable Route byPath(HttpServletRequest request) {
    Matcher match = PATH.matcher(request.getServletPath());
    if (!match.matches() || !Port.isPort(Long.parseLong(match.group(4)))) {
      return null;
    }
    String prefix = match.group(1);
    String uri = request.getRequestURI();
    boolean tunnel = match.group(3).equals("tunnels");
    boolean below = uri.startsWith(prefix + "/");
    if (tunnel ? !uri.equals(prefix) : !below) {
      return null;
    }
    Port port = new Port(new SandboxId(match.group(2)), Integer.parseInt(match.group(4)));
    return tunnel
        ? new Route(port, Route.Way.TUNNEL, prefix, target(uri, request))
        : new Route(port, Route.Way.PATH, prefix, target(uri.substring(prefix.length()), request));
  }

  private static String target(String path, HttpServletRequest request) {
    String query = request.getQueryString();
    return query == null ? path : path + "?" + query;
  }
}
