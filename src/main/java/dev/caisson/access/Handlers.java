package dev.caisson.access;

import dev.caisson.streams.WebSocketEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.context.support.WebApplicationContextUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * The handlers that requests will reach, since they are asked for as the dispatcher asks, in the
 * same order; and the callers to whom each is open.
 */
@Component
final class Handlers {
  /** The mappings of each context that has a port of its own: Actuator can have one. */
  private final Map<ApplicationContext, List<HandlerMapping>> mappings = new ConcurrentHashMap<>();

  private final SingletonSupplier<List<Opening>> openings;

  Handlers(ApplicationContext context) {
    this.openings =
        SingletonSupplier.of(() -> context.getBeanProvider(Opening.class).orderedStream().toList());
  }

  private static List<HandlerMapping> mappings(ApplicationContext context) {
    List<HandlerMapping> all =
        new ArrayList<>(context.getBeansOfType(HandlerMapping.class, true, false).values());
    AnnotationAwareOrderComparator.sort(all);
    return all;
  }

  /** Tells whether the handler that this request will reach is open to this caller. */
  boolean open(HttpServletRequest request, Caller caller) {
    Chosen chosen = choose(request);
    if (chosen == null) {
      return false;
    }
    Open open = annotation(chosen.handler(), Open.class);
    if (open != null) {
      return caller.isAmong(open.value());
    }
    return openings.obtain().stream()
        .anyMatch(each -> each.opens(chosen.handler(), chosen.pattern()));
  }

  /** Tells whether the handler that this request will reach answers WebSocket handshakes. */
  boolean webSocket(HttpServletRequest request) {
    Chosen chosen = choose(request);
    return chosen != null && annotation(chosen.handler(), WebSocketEndpoint.class) != null;
  }

  /** A handler, and by which pattern it was chosen. */
  private record Chosen(Object handler, String pattern) {}

  private @Nullable Chosen choose(HttpServletRequest request) {
    // What mappings note down is for the dispatcher, which asks them again.
    Inquiry inquiry = new Inquiry(request);
    ServletRequestPathUtils.parseAndCache(inquiry);
    try {
      ApplicationContext context =
          WebApplicationContextUtils.getRequiredWebApplicationContext(request.getServletContext());
      for (HandlerMapping mapping : mappings.computeIfAbsent(context, Handlers::mappings)) {
        HandlerExecutionChain chain = mapping.getHandler(inquiry);
        if (chain != null) {
          Object pattern = inquiry.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
          return new Chosen(chain.getHandler(), pattern == null ? "" : pattern.toString());
        }
      }
      return null;
    } catch (Exception e) {
      // A path that has handlers, and none for such a request: there is nothing that could be open.
      return null;
    }
  }

  private static <A extends Annotation> @Nullable A annotation(Object handler, Class<A> type) {
    if (handler instanceof HandlerMethod method) {
      A own = method.getMethodAnnotation(type);
      return own == null
          ? AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), type)
          : own;
    }
    return AnnotatedElementUtils.findMergedAnnotation(handler.getClass(), type);
  }
}
