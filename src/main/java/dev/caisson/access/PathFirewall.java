package dev.caisson.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The firewall that lets no path past that can be read in two ways: what decides on a request and
 * what answers it see the same one. What is passed on into a sandbox is judged up to there, and not
 * changed behind it.
 */
@Component
final class PathFirewall implements HttpFirewall {
  private static final String REFUSED =
      "must be plain: without ; or //, without . or .. as a segment, and without"
          + " encoded slashes, dots, percent signs or control characters";

  private final StrictHttpFirewall strict = new StrictHttpFirewall();

  /**
   * The rooms that pass requests on, asked for with the first request: a filter is made before most
   * of the rooms are.
   */
  private final SingletonSupplier<List<PassedOn>> rooms;

  private final DockerNames docker;

  PathFirewall(ObjectProvider<PassedOn> rooms, DockerNames docker) {
    this.docker = docker;
    this.rooms = SingletonSupplier.of(() -> rooms.orderedStream().toList());
    // Which method a path has is its handler's to say, and below a port the application's.
    strict.setUnsafeAllowAnyHttpMethod(true);
  }

  @Override
  public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
    if (!isPassedOn(request)) {
      String raw = request.getRequestURI();
      if (!OwnPath.isPlain(raw) || !raw.startsWith("/")) {
        throw new RequestRejectedException(REFUSED);
      }
      strict.getFirewalledRequest(request);
      if (!StringUtils.uriDecode(raw, StandardCharsets.UTF_8).equals(request.getServletPath())) {
        throw new RequestRejectedException(REFUSED);
      }
    }
    return new PlainRequest(request);
  }

  private boolean isPassedOn(HttpServletRequest request) {
    if (docker.of(request) != null) {
      return true;
    }
    for (PassedOn room : rooms.obtain()) {
      if (room.passesOn(request)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
    return strict.getFirewalledResponse(response);
  }
}
