package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.firewall.FirewalledRequest;

/**
 * A request with one path: nothing behind the firewall gets another reading of it. Its principal is
 * its {@link Caller}, once that is authenticated.
 */
final class PlainRequest extends FirewalledRequest {
  PlainRequest(HttpServletRequest request) {
    super(request);
  }

  @Override
  public String getServletPath() {
    return getRequestURI();
  }

  @Override
  public @Nullable String getPathInfo() {
    return null;
  }

  @Override
  public @Nullable String getPathTranslated() {
    return null;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    Caller caller = Caller.of(this);
    return caller.isAuthenticated() ? caller : null;
  }

  /** Undoes nothing: the path stays as it is to the end. */
  @Override
  public void reset() {
    // See above.
  }
}
