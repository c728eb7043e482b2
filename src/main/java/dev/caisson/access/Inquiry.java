package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is only asked about: what is noted down on it is not on the request itself. */
final class Inquiry extends HttpServletRequestWrapper {
  private final Map<String, @Nullable Object> noted = new HashMap<>();

  Inquiry(HttpServletRequest request) {
    super(request);
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return noted.containsKey(name) ? noted.get(name) : super.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    noted.put(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    noted.put(name, null);
  }
}
