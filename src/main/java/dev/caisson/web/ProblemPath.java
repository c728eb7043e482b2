package dev.caisson.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/**
 * Spring's own resolver, which asks {@link Problems}, with a request that every problem can be of:
 * Spring repeats the path as a problem's {@code instance} and reads it as a URI, and what is passed
 * on into a sandbox need not be one.
 */
final class ProblemPath extends ExceptionHandlerExceptionResolver {
  @Override
  protected @Nullable ModelAndView doResolveHandlerMethodException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable HandlerMethod handler,
      Exception e) {
    return super.doResolveHandlerMethodException(
        isUri(request.getRequestURI()) ? request : new Unrepeated(request), response, handler, e);
  }

  /** Tells whether this is a path of a URI, and nothing but a path. */
  static boolean isUri(String path) {
    try {
      return path.equals(new URI(path).getRawPath());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** A request whose path is not repeated. */
  private static final class Unrepeated extends HttpServletRequestWrapper {
    Unrepeated(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getRequestURI() {
      return "";
    }
  }
}
