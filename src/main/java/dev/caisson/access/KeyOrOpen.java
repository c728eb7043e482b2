package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;

/** The rule: a caller with the key may do everything, any other what a handler is open for. */
final class KeyOrOpen implements AuthorizationManager<HttpServletRequest> {
  private static final AuthorizationDecision YES = new AuthorizationDecision(true);
  private static final AuthorizationDecision NO = new AuthorizationDecision(false);

  private final Handlers handlers;

  KeyOrOpen(Handlers handlers) {
    this.handlers = handlers;
  }

  @Override
  public AuthorizationDecision authorize(
      Supplier<? extends @Nullable Authentication> authentication, HttpServletRequest request) {
    Caller caller = Caller.of(request);
    return caller.hasKey() || handlers.open(request, caller) ? YES : NO;
  }
}
