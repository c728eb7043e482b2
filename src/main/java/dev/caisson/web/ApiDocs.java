package dev.caisson.web;

import dev.caisson.access.Opening;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springdoc.webmvc.ui.SwaggerResourceResolver;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * The contract and Swagger UI, as springdoc serves them: open to all callers, and in the console's
 * origin, so that nothing but their own files may act there.
 */
@Component
class ApiDocs implements Opening, WebMvcConfigurer, HandlerInterceptor {
  /**
   * The content policy: the console's, but Swagger UI writes styles into its page and has its icons
   * in them.
   */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final String SPRINGDOC = "org.springdoc.";

  @Override
  public boolean opens(Object handler, String pattern) {
    return isDocs(handler);
  }

  private static boolean isDocs(Object handler) {
    return switch (handler) {
      case HandlerMethod method -> method.getBeanType().getName().startsWith(SPRINGDOC);
      case ResourceHttpRequestHandler files ->
          files.getResourceResolvers().stream().anyMatch(SwaggerResourceResolver.class::isInstance);
      default -> false;
    };
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (isDocs(handler)) {
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Referrer-Policy", "no-referrer");
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
    return true;
  }
}
