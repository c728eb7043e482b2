package dev.caisson.console;

import dev.caisson.access.Admission;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Tells a browser that nothing but these files may act in the console's pages: whoever has a key in
 * one could do everything. Files are known by what is in them, since those of two builds have the
 * same time.
 */
@Component
final class ConsoleFilter extends ShallowEtagHeaderFilter {
  /** Nothing inline, nothing of anybody else, and no page of anybody else's around it. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final ObjectProvider<Admission> admissions;

  ConsoleFilter(ObjectProvider<Admission> admissions) {
    this.admissions = admissions;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getServletPath();
    boolean console =
        path.equals("/") || path.equals("/index.html") || path.startsWith("/console/");
    // Under a host name of its own, "/" is an application's in a sandbox.
    return !console || admissions.stream().anyMatch(other -> other.decides(request));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    // Asked for again each time, and answered with 304 while it is the same.
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    boolean root = request.getServletPath().equals("/");
    super.doFilterInternal(root ? new Start(request) : request, response, chain);
  }

  /**
   * Asks for the first page by its name. Spring would forward there, and Tomcat closes what was
   * forwarded before this filter has its content.
   */
  private static final class Start extends HttpServletRequestWrapper {
    private static final String PAGE = "/index.html";

    Start(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getRequestURI() {
      return PAGE;
    }

    @Override
    public String getServletPath() {
      return PAGE;
    }
  }
}
