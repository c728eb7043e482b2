package dev.caisson.ports;

import dev.caisson.access.Caller;
import dev.caisson.proxy.Forwarding;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A request as the listener on a port is to see it: with headers that say where it came from, and
 * without the credentials that the caller came in with.
 */
final class PortRequest {
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

  private PortRequest() {}

  static Forwarding of(Route route, HttpServletRequest request) {
    Map<String, String> said = new HashMap<>(forwarded(route, request));
    Set<String> dropped = new HashSet<>(Set.of("x-forwarded-prefix", "x-real-ip"));
    if (bringsOurs(request)) {
      dropped.add("authorization");
    }
    replace(HttpHeaders.COOKIE, LinkToken.withoutCookies(lines(request, HttpHeaders.COOKIE)), said);
    replace(PROTOCOLS, LinkToken.withoutKey(lines(request, PROTOCOLS)), said);
    dropped.add("cookie");
    dropped.add(PROTOCOLS.toLowerCase(Locale.ROOT));
    // Each of them once, whatever the client has said.
    said.keySet().forEach(name -> dropped.add(name.toLowerCase(Locale.ROOT)));
    String target = route.withQuery(LinkToken.without(request.getQueryString())).target();
    return new Forwarding(target, Address.of(request).authority(), said, dropped);
  }

  /** Returns whether the Authorization header is the service's: its key, or the token of a link. */
  private static boolean bringsOurs(HttpServletRequest request) {
    String bearer = LinkToken.inAuthorization(request.getHeader(HttpHeaders.AUTHORIZATION));
    return Caller.of(request).hasKey()
        || (bearer != null && bearer.startsWith(Caller.TOKEN_PREFIX));
  }

  private static Map<String, String> forwarded(Route route, HttpServletRequest request) {
    Address address = Address.of(request);
    String client = request.getRemoteAddr();
    // In brackets and quotes with IPv6 (RFC 7239, 6); a port of it makes no difference.
    String node = client.indexOf(':') < 0 ? client : "\"[" + client.replace("%", "") + "]\"";
    Map<String, String> said = new HashMap<>();
    said.put("X-Forwarded-For", client);
    said.put("X-Forwarded-Proto", address.scheme());
    said.put("X-Forwarded-Host", address.authority());
    said.put("X-Forwarded-Port", Integer.toString(address.port()));
    said.put(
        "Forwarded",
        "for=" + node + ";host=\"" + address.authority() + "\";proto=" + address.scheme());
    if (!route.prefix().isEmpty()) {
      said.put("X-Forwarded-Prefix", route.prefix());
    }
    return said;
  }

  private static List<String> lines(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  private static void replace(String name, @Nullable String value, Map<String, String> said) {
    if (value != null) {
      said.put(name, value);
    }
  }
}
