package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Who a request comes from, as far as what it brought says; it holds no secret. */
public final class Caller implements Authentication {
  /** What a WebSocket subprotocol that brings the key begins with. */
  public static final String KEY_PROTOCOL = "caisson.key.";

  /** What the token of a grant begins with. */
  public static final String TOKEN_PREFIX = Token.PREFIX;

  /** With the service's key, which opens everything, and which nobody behind it may see. */
  static final Caller KEY = new Caller("key", null);

  /** Let in by an {@link Admission}: what it says of itself is not meant for the service. */
  static final Caller GUEST = new Caller("guest", null);

  /** Brought nothing that counts. */
  static final Caller NOBODY = new Caller("nobody", null);

  private static final String MARK = Caller.class.getName();

  private final String name;
  private final @Nullable Grant grant;

  private Caller(String name, @Nullable Grant grant) {
    this.name = name;
    this.grant = grant;
  }

  /** Whoever holds the token of this grant. */
  static Caller by(Grant grant) {
    return new Caller("grant " + grant.id(), grant);
  }

  /** Of this request. */
  public static Caller of(HttpServletRequest request) {
    return request.getAttribute(MARK) instanceof Caller known ? known : NOBODY;
  }

  void mark(HttpServletRequest request) {
    request.setAttribute(MARK, this);
  }

  /** Whether it has the service's key. */
  public boolean hasKey() {
    return equals(KEY);
  }

  /** The grant that it was let in by; null if it was in another way. */
  public @Nullable Grant grant() {
    return grant;
  }

  /** Whether a handler that is open so far is open to it. */
  boolean isAmong(Open.To these) {
    return switch (these) {
      case EVERYBODY -> true;
      case DOCKER_GRANT -> grant != null && grant.scope() == Grant.Scope.DOCKER;
      case GUEST -> equals(GUEST);
    };
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isAuthenticated() {
    return !equals(NOBODY);
  }

  @Override
  public void setAuthenticated(boolean authenticated) {
    throw new IllegalArgumentException("who calls is found out once");
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of();
  }

  @Override
  public @Nullable Object getCredentials() {
    return null;
  }

  @Override
  public @Nullable Object getDetails() {
    return null;
  }

  @Override
  public Object getPrincipal() {
    return name;
  }

  @Override
  public String toString() {
    return "Caller[" + name + "]";
  }
}
