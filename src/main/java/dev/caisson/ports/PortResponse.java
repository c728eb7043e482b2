package dev.caisson.ports;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the listener on a port, changed so that it concerns that port alone. Under a path
 * it shares the origin of the service and of all other ports: documents are shown in an origin of
 * their own, cookies stay below the path, and headers that speak for the whole origin are not
 * passed on.
 */
final class PortResponse extends HttpServletResponseWrapper {
  /** The rights of a document, without that to be of the origin that it comes from. */
  private static final String SANDBOX =
      "sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock"
          + " allow-popups allow-presentation allow-scripts";

  /** The headers that a browser takes for all of an origin, or remembers for the whole host. */
  private static final Set<String> OF_THE_ORIGIN =
      Set.of(
          "accept-ch",
          "alt-svc",
          "attribution-reporting-register-source",
          "attribution-reporting-register-trigger",
          "critical-ch",
          "expect-ct",
          "nel",
          "origin-agent-cluster",
          "public-key-pins",
          "public-key-pins-report-only",
          "report-to",
          "reporting-endpoints",
          "sec-session-registration",
          "secure-session-registration",
          "service-worker-allowed",
          "set-login",
          "shared-storage-write",
          "strict-transport-security",
          "use-as-dictionary");

  private final Route route;
  private final Address address;

  PortResponse(HttpServletResponse response, Route route, Address address) {
    super(response);
    this.route = route;
    this.address = address;
    if (route.way() == Route.Way.PATH) {
      super.addHeader("Content-Security-Policy", SANDBOX);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    String own = own(name, value);
    if (own != null) {
      super.addHeader(name, own);
    }
  }

  /** Returns the value of a header as it is passed on; null if it is not. */
  private @Nullable String own(String name, String value) {
    boolean byPath = route.way() == Route.Way.PATH;
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "set-cookie" -> cookie(value);
      case "location", "content-location" -> byPath ? location(value) : value;
      // "cookies" of it are those of the whole domain: also of the service's and of other ports'
      // hosts.
      case "clear-site-data" -> null;
      default -> byPath && OF_THE_ORIGIN.contains(lower) ? null : value;
    };
  }

  /** Puts an absolute path within the port's origin below the prefix. */
  private String location(String value) {
    String origin = address.http();
    String path = value.startsWith(origin + "/") ? value.substring(origin.length()) : value;
    boolean absolute = path.startsWith("/") && !path.startsWith("//");
    boolean below = path.equals(route.prefix()) || path.startsWith(route.prefix() + "/");
    return absolute && !below ? route.prefix() + path : value;
  }

  /**
   * Returns a cookie without its domain, so for its own host alone, and by path below the prefix;
   * null for a cookie of the service's name.
   */
  private @Nullable String cookie(String value) {
    List<String> parts =
        Arrays.stream(value.split(";", -1)).map(String::strip).collect(Collectors.toList());
    if (isOurs(parts.getFirst())) {
      return null;
    }
    parts.removeIf(part -> isAttribute(part, "domain"));
    if (route.way() == Route.Way.PATH) {
      String path =
          parts.stream()
              .filter(part -> isAttribute(part, "path"))
              .map(part -> part.substring(part.indexOf('=') + 1).strip())
              .reduce("/", (_, last) -> last);
      parts.removeIf(part -> isAttribute(part, "path"));
      boolean below = path.startsWith(route.prefix() + "/");
      parts.add("Path=" + (below ? path : route.prefix() + (path.startsWith("/") ? path : "/")));
    }
    return String.join("; ", parts);
  }

  /**
   * Returns whether a cookie has the service's name, as browsers read it: with spaces before the
   * sign of equality, or with a name that is empty.
   */
  private static boolean isOurs(String pair) {
    String plain = pair.startsWith("=") ? pair.substring(1).strip() : pair;
    return isAttribute(plain, LinkToken.NAME);
  }

  private static boolean isAttribute(String part, String name) {
    int equals = part.indexOf('=');
    return equals > 0 && part.substring(0, equals).strip().equalsIgnoreCase(name);
  }
}
