package dev.caisson.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets nobody past without a key, but for what a load balancer asks and what a browser needs to
 * show the documentation and the console; a path nobody thought of needs a key. A grant's token, in
 * the path or in place of a key, opens what it was granted for and nothing else.
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

  /**
   * BuildKit's clients ask for these at the root: they forget the path of their DOCKER_HOST when
   * they take over a connection (moby's DialHijack, 28.2). The token says which sandbox is meant.
   */
  private static final Set<String> BUILD_KIT = Set.of("/grpc", "/session");

  private final AdminKey admin;
  private final Grants grants;

  /** Asked for with the first request: a filter is made before most of the rooms are. */
  private final SingletonSupplier<List<Admission>> admissions;

  private final HandlerExceptionResolver problems;

  AccessFilter(
      AdminKey admin,
      Grants grants,
      ObjectProvider<Admission> admissions,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.admin = admin;
    this.grants = grants;
    this.admissions = SingletonSupplier.of(() -> admissions.orderedStream().toList());
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
            // The console's own files, which say nothing of anybody's sandboxes.
            || path.equals("/")
            || path.equals("/index.html")
            || path.startsWith("/console/")
            || path.equals("/error"))
        && admission(request) == null;
  }

  private @Nullable Admission admission(HttpServletRequest request) {
    for (Admission each : admissions.obtain()) {
      if (each.decides(request)) {
        return each;
      }
    }
    return null;
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
      byPath(request, response, chain);
      return;
    }
    String key = key(request);
    if (key != null && admin.matches(key)) {
      chain.doFilter(request, response);
    } else if (key != null && key.startsWith(Token.PREFIX)) {
      byHeader(key, path, request, response, chain);
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

  /** The token leads to the sandbox, and is not seen any more behind this: no log can have it. */
  private void byPath(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String uri = request.getRequestURI();
    // As it was written; who disguises it is not let in.
    int end = uri.startsWith(BY_TOKEN) ? uri.indexOf('/', BY_TOKEN.length()) : -1;
    if (end < 0) {
      refuse(response, NO_GRANT);
      return;
    }
    Grant grant = granted(uri.substring(BY_TOKEN.length(), end), request, response);
    if (grant != null) {
      chain.doFilter(new Led(request, grant, engine(grant) + uri.substring(end)), response);
    }
  }

  private void byHeader(
      String token,
      String path,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    Grant grant = granted(token, request, response);
    if (grant == null) {
      return;
    }
    String uri = request.getRequestURI();
    String engine = engine(grant) + "/";
    // Both as it was written and as it is meant: handlers are found by the one, this filter's
    // other paths by the other, and a disguised one ("/..;/") can differ in its sandbox.
    if (path.startsWith(engine) && uri.startsWith(engine)) {
      chain.doFilter(new Led(request, grant, uri), response);
    } else if (BUILD_KIT.contains(path)) {
      chain.doFilter(new Led(request, grant, engine(grant) + path), response);
    } else {
      refuse(response, NO_GRANT);
    }
  }

  /** What this token allows of Docker; null if that is nothing, which is answered then. */
  private @Nullable Grant granted(
      String token, HttpServletRequest request, HttpServletResponse response) throws IOException {
    Grant grant;
    try {
      grant = grants.find(token);
    } catch (RuntimeException e) {
      // What is recorded is out of reach: no answer about the token at all.
      problems.resolveException(
          new HttpServletRequestWrapper(request) {
            @Override
            public String getRequestURI() {
              return BY_TOKEN;
            }
          },
          response,
          null,
          e);
      return null;
    }
    if (grant == null || grant.scope() != Grant.Scope.DOCKER) {
      refuse(response, NO_GRANT);
      return null;
    }
    return grant;
  }

  private static String engine(Grant grant) {
    return "/v1/sandboxes/" + grant.sandbox() + "/docker/engine";
  }

  /** A request that a grant has led to where its sandbox is. */
  private static final class Led extends HttpServletRequestWrapper {
    private final String uri;

    Led(HttpServletRequest request, Grant grant, String uri) {
      super(request);
      this.uri = uri;
      request.setAttribute(Grant.class.getName(), grant);
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
