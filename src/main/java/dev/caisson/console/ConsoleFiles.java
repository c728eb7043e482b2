package dev.caisson.console;

import dev.caisson.access.Open;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * The console's own files, which say nothing of any sandbox. The browser lets nothing but them act
 * in the console's pages: what acts in a page with a key could do everything. Files are known by
 * what is in them, since those of two builds have the same time.
 */
@Component
@Open(Open.To.EVERYBODY)
class ConsoleFiles extends ResourceHttpRequestHandler {
  private static final String PAGE = "index.html";

  private final Map<Resource, String> tags = new ConcurrentHashMap<>();

  /**
   * The content policy: nothing inline that is not in the page as it is sent, nothing from
   * elsewhere, and no page from elsewhere around it.
   */
  private final String policy;

  ConsoleFiles() {
    Resource files = new ClassPathResource("static/");
    InlinedPage page = new InlinedPage(files, PAGE);
    policy =
        """
        default-src 'none'; script-src 'self' %s; style-src 'self' %s; img-src 'self'; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
        require-trusted-types-for 'script'; trusted-types 'none'\
        """
            .formatted(page.scriptHashes(), page.styleHashes());
    setLocations(List.of(files));
    setResourceResolvers(List.of(new CompressedFiles(), page));
    setUseLastModified(false);
    // Asked for again each time, and answered with 304 while it is the same.
    setCacheControl(CacheControl.noCache());
    setEtagGenerator(file -> tags.computeIfAbsent(file, ConsoleFiles::tag));
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Vary", "Accept-Encoding");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    String path = request.getRequestURI();
    request.setAttribute(
        HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE,
        path.equals("/") ? PAGE : path.substring(1));
    super.handleRequest(request, response);
  }

  private static String tag(Resource file) {
    try (var content = file.getInputStream()) {
      return "\"" + DigestUtils.md5DigestAsHex(content) + "\"";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
