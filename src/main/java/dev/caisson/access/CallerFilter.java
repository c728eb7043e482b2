package dev.caisson.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The filter that finds out who calls: by a key, by the token of a grant in the host name, in the
 * path or in place of a key, by a client's certificate, or by the word of another room. Whether
 * that suffices is not decided here.
 */
final class CallerFilter extends OncePerRequestFilter {
  /**
   * The paths that BuildKit's clients ask for at the root: they forget the path of their
   * DOCKER_HOST when they take over a connection (moby's DialHijack, 28.2). The token says which
   * sandbox is meant.
   */
  private static final Set<String> BUILD_KIT = Set.of("/grpc", "/session");

  /** A path that leads to nothing: a request that is sent there is refused. */
  private static final String NOWHERE = TokenPath.BEGINNING + "-/";

  private final AdminKey admin;
  private final Grants grants;
  private final DockerNames docker;
  private final DockerCertificates certificates;
  private final Handlers handlers;
  private final FrontDoorAnswers refusals;

  /**
   * The word of other rooms, asked for with the first request: a filter is made before most of the
   * rooms are.
   */
  private final SingletonSupplier<List<RoomAdmission>> admissions;

  CallerFilter(
      AdminKey admin,
      Grants grants,
      DockerNames docker,
      DockerCertificates certificates,
      Handlers handlers,
      FrontDoorAnswers refusals,
      ObjectProvider<RoomAdmission> admissions) {
    this.admin = admin;
    this.grants = grants;
    this.docker = docker;
    this.certificates = certificates;
    this.handlers = handlers;
    this.refusals = refusals;
    this.admissions = SingletonSupplier.of(() -> admissions.orderedStream().toList());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    HttpServletRequest known;
    try {
      known = know(request, response);
    } catch (RuntimeException e) {
      // What is recorded is out of reach: no answer about the caller at all.
      refusals.answer(request, response, e);
      return;
    }
    if (known != null) {
      SecurityContextHolder.setContext(new SecurityContextImpl(Caller.of(known)));
      chain.doFilter(known, response);
    }
  }

  /** Returns the request with its caller marked; null if it has been answered. */
  private @Nullable HttpServletRequest know(
      HttpServletRequest request, HttpServletResponse response) throws IOException {
    TokenPath path = docker.of(request);
    if (path != null && docker.names(request)) {
      // Before all rooms are asked: there nothing is this service's own.
      return led(path, request);
    }
    RoomAdmission other = admission(request);
    if (other != null) {
      return hasKey(request) ? as(Caller.KEY, request) : admitted(other, request, response);
    }
    if (path != null) {
      return led(path, request);
    }
    if (hasKey(request)) {
      return as(Caller.KEY, request);
    }
    String bearer = RequestCredentials.bearer(request);
    return bearer != null && bearer.startsWith(Token.PREFIX)
        ? byToken(bearer, request)
        : as(Caller.NOBODY, request);
  }

  private HttpServletRequest led(TokenPath path, HttpServletRequest request) {
    Grant grant = path.token() == null ? certificates.grant(request) : granted(path.token());
    return grant == null
        ? as(Caller.NOBODY, new Led(request, NOWHERE))
        : as(Caller.by(grant), new Led(request, engine(grant) + path.rest()));
  }

  private static HttpServletRequest as(Caller caller, HttpServletRequest request) {
    caller.mark(request);
    return request;
  }

  private boolean hasKey(HttpServletRequest request) {
    String bearer = RequestCredentials.bearer(request);
    if (bearer != null) {
      return admin.matches(bearer);
    }
    String offered = RequestCredentials.offered(request);
    return offered != null && admin.matches(offered) && handlers.webSocket(request);
  }

  private @Nullable RoomAdmission admission(HttpServletRequest request) {
    for (RoomAdmission each : admissions.obtain()) {
      if (each.decides(request)) {
        return each;
      }
    }
    return null;
  }

  private static @Nullable HttpServletRequest admitted(
      RoomAdmission other, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return switch (other.admit(request, response)) {
      case ADMITTED -> as(Caller.GUEST, request);
      case REFUSED -> as(Caller.NOBODY, request);
      case ANSWERED -> null;
    };
  }

  private HttpServletRequest byToken(String token, HttpServletRequest request) {
    Grant grant = granted(token);
    if (grant == null) {
      return as(Caller.NOBODY, request);
    }
    String uri = request.getRequestURI();
    if (BUILD_KIT.contains(uri)) {
      return as(Caller.by(grant), new Led(request, engine(grant) + uri));
    }
    return as(uri.startsWith(engine(grant) + "/") ? Caller.by(grant) : Caller.NOBODY, request);
  }

  /** Returns the grant of Docker that this token gives; null if there is none. */
  private @Nullable Grant granted(String token) {
    Grant grant = grants.find(token);
    return grant != null && grant.scope() == Grant.Scope.DOCKER ? grant : null;
  }

  private static String engine(Grant grant) {
    return "/v1/sandboxes/" + grant.sandbox() + "/docker/engine";
  }
}
