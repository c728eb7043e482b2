package dev.caisson;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** All that the application maps, whoever has mapped it: what is new is in it by itself. */
final class MappedPaths {
  private static final String PORT = "/v1/sandboxes/{id}/ports/{port}/**";

  private MappedPaths() {}

  /** A pattern and one method that it is for. */
  record Mapped(String method, String pattern) implements Comparable<Mapped> {
    /** A path that it matches. */
    String path() {
      return pattern
          .replace("{id}", "sb-aaaaaaaa")
          .replaceAll("\\{(port|pid)}", "80")
          .replaceAll("\\{\\*?[^}]*}", "thing")
          .replace("**", "images/json")
          .replace("*", "x");
    }

    @Override
    public int compareTo(Mapped other) {
      return (pattern + " " + method).compareTo(other.pattern + " " + other.method);
    }
  }

  static Set<Mapped> of(ApplicationContext context) {
    Set<Mapped> all = new TreeSet<>();
    for (HandlerMapping mapping : context.getBeansOfType(HandlerMapping.class).values()) {
      all.addAll(of(mapping));
    }
    return all;
  }

  private static Collection<Mapped> of(HandlerMapping mapping) {
    return switch (mapping) {
      case RequestMappingInfoHandlerMapping methods ->
          methods.getHandlerMethods().keySet().stream().flatMap(info -> of(info).stream()).toList();
      case AbstractUrlHandlerMapping urls -> {
        Set<String> patterns = new TreeSet<>(urls.getHandlerMap().keySet());
        if (urls.getRootHandler() != null) {
          patterns.add("/");
        }
        yield patterns.stream().map(pattern -> new Mapped("GET", pattern)).toList();
      }
      case RouterFunctionMapping functions -> {
        if (functions.getRouterFunction() != null) {
          throw new AssertionError("say here what the routes of functions are");
        }
        yield List.of();
      }
      default -> {
        if (!mapping.getClass().getSimpleName().equals("PortMapping")) {
          throw new AssertionError("say here what the paths of " + mapping + " are");
        }
        yield List.of(new Mapped("GET", PORT), new Mapped("DELETE", PORT));
      }
    };
  }

  private static List<Mapped> of(RequestMappingInfo info) {
    Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
    List<Mapped> all = new ArrayList<>();
    for (String pattern : info.getPatternValues()) {
      if (methods.isEmpty()) {
        all.add(new Mapped("GET", pattern));
        all.add(new Mapped("POST", pattern));
      }
      methods.forEach(method -> all.add(new Mapped(method.name(), pattern)));
    }
    return all;
  }
}
