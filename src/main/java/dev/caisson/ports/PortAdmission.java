package dev.caisson.ports;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.access.RoomAdmission;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/** The admission to ports: with a link to the port, or without one where the port is public. */
@Component
class PortAdmission implements RoomAdmission {
  private final Routes routes;
  private final Ports ports;
  private final Grants grants;
  private final Clock clock;

  PortAdmission(Routes routes, Ports ports, Grants grants, Clock clock) {
    this.routes = routes;
    this.ports = ports;
    this.grants = grants;
    this.clock = clock;
  }

  @Override
  public boolean decides(HttpServletRequest request) {
    return routes.of(request) != null;
  }

  @Override
  public Verdict admit(HttpServletRequest request, HttpServletResponse response) {
    Route route = Route.marked(request);
    if (route.way() == Route.Way.CLOSED_PATH) {
      // The request gets no further; for old links, its answer says where the port is now.
      return Verdict.ADMITTED;
    }
    String inQuery = LinkToken.inQuery(request.getQueryString());
    Grant link = inQuery == null ? null : find(route.port(), List.of(inQuery));
    if (link != null
        && inQuery != null
        && route.way() != Route.Way.TUNNEL
        && isNavigation(request)) {
      remember(route, link, inQuery, request, response);
      return Verdict.ANSWERED;
    }
    link = link == null ? find(route.port(), elsewhere(request)) : link;
    if (link != null) {
      request.setAttribute(Grant.class.getName(), link);
      return Verdict.ADMITTED;
    }
    return route.way() != Route.Way.TUNNEL && ports.isPublic(route.port())
        ? Verdict.ADMITTED
        : Verdict.REFUSED;
  }

  /** Returns the grant by which a request was let in; null if it was let in without one. */
  static @Nullable Grant grant(HttpServletRequest request) {
    return request.getAttribute(Grant.class.getName()) instanceof Grant grant ? grant : null;
  }

  private static List<String> elsewhere(HttpServletRequest request) {
    List<String> tokens =
        new ArrayList<>(
            LinkToken.inCookies(Collections.list(request.getHeaders(HttpHeaders.COOKIE))));
    String bearer = LinkToken.inAuthorization(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (bearer != null) {
      tokens.add(bearer);
    }
    return tokens;
  }

  private @Nullable Grant find(Port port, List<String> tokens) {
    for (String token : tokens) {
      Grant grant = grants.find(token);
      if (grant != null
          && grant.scope() == Grant.Scope.PORT
          && grant.sandbox().equals(port.sandbox().value())
          && grant.port() != null
          && grant.port() == port.number()) {
        return grant;
      }
    }
    return null;
  }

  /**
   * Returns whether a browser shows the answer: other clients do not keep cookies for the next
   * request.
   */
  private static boolean isNavigation(HttpServletRequest request) {
    String mode = request.getHeader("Sec-Fetch-Mode");
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
        && request.getHeader(HttpHeaders.UPGRADE) == null
        && (mode == null
            ? accept != null && accept.contains("text/html")
            : mode.equals("navigate"));
  }

  /** Moves the token from the address, which is shown and shared, into a cookie. */
  private void remember(
      Route route,
      Grant link,
      String token,
      HttpServletRequest request,
      HttpServletResponse response) {
    ResponseCookie cookie =
        ResponseCookie.from(LinkToken.NAME, token)
            .path(route.prefix() + "/")
            .maxAge(Duration.between(clock.instant(), link.expiresAt()))
            .httpOnly(true)
            .secure(request.isSecure())
            // Not Strict: a browser that follows a link from elsewhere would be sent away at once.
            .sameSite("Lax")
            .build();
    String query = LinkToken.without(request.getQueryString());
    String address = Address.of(request).http() + request.getRequestURI();
    response.setStatus(HttpServletResponse.SC_FOUND);
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    response.setHeader(HttpHeaders.LOCATION, query == null ? address : address + "?" + query);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
  }
}
