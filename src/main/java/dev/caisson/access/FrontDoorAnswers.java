package dev.caisson.access;

import dev.caisson.connection.CertifiedPort;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The answers of the front door to those it keeps out, made where all problems are made. */
@Component
final class FrontDoorAnswers
    implements RequestRejectedHandler, AuthenticationEntryPoint, AccessDeniedHandler {
  private static final String NO_KEY =
      "Send the header Authorization: Bearer KEY; the admin key is in the file admin.key of the"
          + " service's state directory";
  private static final String NO_CERTIFICATE =
      "The grant of this client certificate is over or was revoked, or its sandbox has ended: get"
          + " another by POST /v1/sandboxes/SANDBOX/docker/certificates";

  private static final String NO_GRANT =
      "This token is not known, is over, was revoked, or is not for this";

  /**
   * The paths that Docker clients ask for at the root, once they have dropped that of their
   * address.
   */
  private static final Pattern DOCKER =
      Pattern.compile("/v1\\.[0-9]+/.*|/(_ping|version|info|session|grpc)");

  private final HandlerExceptionResolver problems;
  private final DockerNames docker;

  FrontDoorAnswers(
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems,
      DockerNames docker) {
    this.problems = problems;
    this.docker = docker;
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException e) {
    answer(request, response, new AccessException.Disguised(String.valueOf(e.getMessage())));
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e) {
    refuse(request, response);
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e) {
    refuse(request, response);
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) {
    String bearer = RequestCredentials.bearer(request);
    boolean token =
        Caller.of(request).grant() != null
            || docker.of(request) != null
            || (bearer != null && bearer.startsWith(Token.PREFIX));
    boolean lost =
        !token
            && !docker.isBelowDomain(request)
            && DOCKER.matcher(request.getRequestURI()).matches();
    answer(
        request,
        response,
        lost
            ? new AccessException.PathLost()
            : new AccessException.Unauthorized(
                CertifiedPort.received(request) ? NO_CERTIFICATE : token ? NO_GRANT : NO_KEY));
  }

  /** Answers with the problem that this error is. */
  void answer(HttpServletRequest request, HttpServletResponse response, RuntimeException e) {
    if (problems.resolveException(new Unnamed(request), response, null, e) == null) {
      // Without an answer it would be an empty 200.
      throw e;
    }
  }

  /** A request whose path is not repeated: there can be a token in it, or what is no URI. */
  private static final class Unnamed extends HttpServletRequestWrapper {
    Unnamed(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getRequestURI() {
      return "";
    }
  }
}
