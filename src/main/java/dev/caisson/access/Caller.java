package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** The caller of a request, known by the key or grant that it brought; holds no secret. */
public final class Caller implements Authentication {
  /** The prefix of a WebSocket subprotocol that brings the key. */
  public static final String KEY_PROTOCOL = "caisson.key.";

  /** The prefix of a grant's token. */
  public static final String TOKEN_PREFIX = Token.PREFIX;

  /** The holder of the service's key, which opens everything and is never passed on. */
  static final Caller KEY = new Caller("key", null);

  /** A caller let in by an {@link RoomAdmission}: its credentials are not meant for the service. */
  static final Caller GUEST = new Caller("guest", null);

  /** A caller that brought neither key nor grant. */
  static final Caller NOBODY = new Caller("nobody", null);

  private static final String MARK = Caller.class.getName();

  private final String name;
  private final @Nullable Grant grant;

  private Caller(String name, @Nullable Grant grant) {
    this.name = name;
    this.grant = grant;
  }

  /** Returns the caller that holds this grant's token. */
  static Caller by(Grant grant) {
    return new Caller("grant " + grant.id(), grant);
  }

  /** Returns the caller of this request, {@link #NOBODY} where none was found out. */
  public static Caller of(HttpServletRequest request) {
    return request.getAttribute(MARK) instanceof Caller known ? known : NOBODY;
  }

  void mark(HttpServletRequest request) {
    request.setAttribute(MARK, this);
  }

  /** Tells whether this caller has the service's key. */
  public boolean hasKey() {
    return equals(KEY);
  }

  /** Returns the grant by which this caller was let in, null if by something else. */
  public @Nullable Grant grant() {
    return grant;
  }

  /** Tells whether a handler that is open to these is open to this caller. */
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
    throw new IllegalArgumentException("the caller is determined only once");
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
