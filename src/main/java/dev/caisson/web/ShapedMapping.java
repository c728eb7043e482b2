package dev.caisson.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The mapping of requests to the methods of controllers, which compares a path with the shape of
 * each pattern first: of some eighty patterns all but one or two are of another.
 */
final class ShapedMapping extends RequestMappingHandlerMapping {
  private final Map<RequestMappingInfo, PathShape> shapes = new ConcurrentHashMap<>();

  @Override
  protected @Nullable RequestMappingInfo getMatchingMapping(
      RequestMappingInfo info, HttpServletRequest request) {
    PathPatternsRequestCondition paths = info.getPathPatternsCondition();
    if (paths != null && paths.getPatterns().size() == 1) {
      PathShape shape = shapes.computeIfAbsent(info, _ -> shape(paths.getPatterns()));
      if (!shape.admits(path(request))) {
        return null;
      }
    }
    return super.getMatchingMapping(info, request);
  }

  private static PathShape shape(Set<PathPattern> only) {
    return PathShape.of(only.iterator().next());
  }

  private static PathContainer path(HttpServletRequest request) {
    return ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
  }
}
