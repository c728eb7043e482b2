package dev.caisson.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets nobody past without a key, but for what a load balancer asks and what a browser needs to
 * show the documentation; a path nobody thought of needs a key. A grant's token, in the path or in
 * place of a key, opens what it was granted for and nothing else.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class AccessFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  private static final String KEY_PROTOCOL = Caller.KEY_PROTOCOL;
  private static final String NO_KEY =
      "Send the header Authorization: Bearer KEY; the admin key is in the file admin.key of the"
          + " service's state directory";
  private static final String NO_GRANT =
      "This token is not known, is over, was revoked, or is not for this";
  private static final String BY_TOKEN = "/v1/docker/";

  private final AdminKey admin;
  private final Grants grants;
  private final ObjectProvider<Admission> admissions;
  private final HandlerExceptionResolver problems;

  AccessFilter(
      AdminKey admin,
      Grants grants,
      ObjectProvider<Admission> admissions,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.admin = admin;
    this.grants = grants;
    this.admissions = admissions;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    // Decoded and normalised by the container: the raw URI can hide where it leads ("/..;/").
    String path = request.getServletPath();
    return (path.equals("/actuator/health")
            || path.startsWith("/actuator/health/")
            || path.startsWith("/v3/api-docs")
            || path.startsWith("/swagger-ui")
            || path.equals("/error"))
        && admission(request) == null;
  }

  private @Nullable Admission admission(HttpServletRequest request) {
    return admissions.stream().filter(each -> each.decides(request)).findFirst().orElse(null);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Admission other = admission(request);
    if (other != null) {
      byAdmission(other, request, response, chain);
      return;
    }
    String path = request.getServletPath();
    if (path.startsWith(BY_TOKEN)) {
      int end = path.indexOf('/', BY_TOKEN.length());
      String token = path.substring(BY_TOKEN.length(), end < 0 ? path.length() : end);
      byGrant(token, "", request, response, chain);
      return;
    }
    String key = key(request);
    if (key != null && admin.matches(key)) {
      chain.doFilter(request, response);
    } else if (key != null && key.startsWith(Token.PREFIX)) {
      byGrant(key, path, request, response, chain);
    } else {
      refuse(response, NO_KEY);
    }
  }

  /** What is another room's to decide, but for a key, which opens everything. */
  private void byAdmission(
      Admission other, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = key(request);
    if (key != null && admin.matches(key)) {
      Caller.KEY.mark(request);
      chain.doFilter(request, response);
      return;
    }
    Admission.Verdict verdict;
    try {
      verdict = other.admit(request, response);
    } catch (RuntimeException e) {
      problems.resolveException(request, response, null, e);
      return;
    }
    switch (verdict) {
      case ADMITTED -> {
        Caller.GUEST.mark(request);
        chain.doFilter(request, response);
      }
      case REFUSED -> refuse(response, NO_KEY);
      case ANSWERED -> {
        // By the room that decides.
      }
    }
  }

  /**
   * Lets past what the token was granted for.
   *
   * @param path to which it must lead; empty where the token itself is the path
   */
  private void byGrant(
      String token,
      String path,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    Grant grant;
    try {
      grant = grants.find(token);
    } catch (RuntimeException e) {
      // What is recorded is out of reach: no answer about the token at all.
      problems.resolveException(request, response, null, e);
      return;
    }
    if (grant != null
        && grant.scope() == Grant.Scope.DOCKER
        && (path.isEmpty()
            || path.startsWith("/v1/sandboxes/" + grant.sandbox() + "/docker/engine/"))) {
      request.setAttribute(Grant.class.getName(), grant);
      chain.doFilter(request, response);
    } else {
      refuse(response, NO_GRANT);
    }
  }

  private static @Nullable String key(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
          ? offered(request)
          : null;
    }
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  /** A browser's WebSocket can send no header but the protocols that it offers. */
  private static @Nullable String offered(HttpServletRequest request) {
    return Collections.list(request.getHeaders(PROTOCOLS)).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(KEY_PROTOCOL))
        .map(protocol -> protocol.substring(KEY_PROTOCOL.length()))
        .findFirst()
        .orElse(null);
  }

  private static void refuse(HttpServletResponse response, String detail) throws IOException {
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"caisson\"");
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response
        .getWriter()
        .write(
            """
            {"type":"urn:caisson:problem:unauthorized","title":"Unauthorized","status":401,\
            "code":"UNAUTHORIZED","detail":"%1$s","message":"%1$s"}\
            """
                .formatted(detail));
  }
}
