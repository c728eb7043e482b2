package dev.caisson.web;

import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The parts of Spring MVC that are the service's own. Boot asks for them in one place: of two such
 * places it would take neither.
 */
@Component
final class MvcParts implements WebMvcRegistrations {
  @Override
  public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
    return new ShapedMapping();
  }

  @Override
  public ExceptionHandlerExceptionResolver getExceptionHandlerExceptionResolver() {
    return new ProblemPath();
  }
}
