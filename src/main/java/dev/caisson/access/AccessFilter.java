package dev.caisson.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  private final AdminKey admin;

  AccessFilter(AdminKey admin) {
    this.admin = admin;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    // Decoded and normalised by the container: the raw URI can hide where it leads ("/..;/").
    String path = request.getServletPath();
    return path.equals("/actuator/health")
        || path.startsWith("/actuator/health/")
        || path.startsWith("/v3/api-docs")
        || path.startsWith("/swagger-ui")
        || path.equals("/error");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && admin.matches(header.substring(SCHEME.length()).strip())) {
      chain.doFilter(request, response);
      return;
    }
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
