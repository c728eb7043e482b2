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
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets nobody past without a key, but for what a load balancer asks and what a browser needs to
 * show the documentation; a path nobody thought of needs a key.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class AccessFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  private static final String KEY_PROTOCOL = Caller.KEY_PROTOCOL;

  private final AdminKey admin;
  private final ObjectProvider<Admission> admissions;

  AccessFilter(AdminKey admin, ObjectProvider<Admission> admissions) {
    this.admin = admin;
    this.admissions = admissions;
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
    String key = key(request);
    if (key != null && admin.matches(key)) {
      Caller.KEY.mark(request);
      chain.doFilter(request, response);
      return;
    }
    Admission other = admission(request);
    Admission.Verdict verdict =
        other == null ? Admission.Verdict.REFUSED : other.admit(request, response);
    switch (verdict) {
      case ADMITTED -> {
        Caller.GUEST.mark(request);
        chain.doFilter(request, response);
      }
      case REFUSED -> refuse(response);
      case ANSWERED -> {
        // By the one who decides.
      }
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

  private static void refuse(HttpServletResponse response) throws IOException {
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"caisson\"");
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response
        .getWriter()
        .write(
            """
            {"type":"urn:caisson:problem:unauthorized","title":"Unauthorized","status":401,\
            "code":"UNAUTHORIZED","detail":"Send the header Authorization: Bearer KEY; \
            the admin key is in the file admin.key of the service's state directory"}\
            """);
  }
}
