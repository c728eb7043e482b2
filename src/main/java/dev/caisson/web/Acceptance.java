package dev.caisson.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The interceptor that refuses (406) what changes something for a client that takes no JSON. Spring
 * finds out when it writes the answer, and a sandbox that its caller never hears of is there then.
 */
@Component
class Acceptance implements WebMvcConfigurer, HandlerInterceptor {
  private static final List<MediaType> JSON =
      List.of(MediaType.APPLICATION_JSON, MediaType.valueOf("application/*+json"));

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws HttpMediaTypeNotAcceptableException {
    if (!SAFE.contains(request.getMethod())
        && handler instanceof HandlerMethod method
        && answersJson(method)
        // Where a mapping names what it produces, that has been compared.
        && request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) == null
        && !acceptsJson(request)) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }
    return true;
  }

  private static boolean answersJson(HandlerMethod method) {
    ResolvableType answer = ResolvableType.forMethodReturnType(method.getMethod());
    Class<?> type =
        answer.toClass() == ResponseEntity.class
            ? answer.getGeneric(0).toClass()
            : answer.toClass();
    return type.isRecord();
  }

  /**
   * Tells whether the client accepts JSON, or a form of it; a header that cannot be read accepts
   * none.
   */
  private static boolean acceptsJson(HttpServletRequest request) {
    String accept = String.join(",", Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    try {
      return accept.isBlank()
          || MediaType.parseMediaTypes(accept).stream()
              .anyMatch(type -> JSON.stream().anyMatch(type::isCompatibleWith));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }
}
