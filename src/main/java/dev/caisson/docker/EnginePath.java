package dev.caisson.docker;

import dev.caisson.access.AccessException;
import dev.caisson.access.PassedOn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The path of a sandbox's Docker API: the part after its literal beginning is the daemon's. */
@Component
class EnginePath implements PassedOn {
  private static final Pattern PATH =
      Pattern.compile("/v1/sandboxes/sb-[a-z2-9]{8}/docker/engine(/.*)?");

  /**
   * The first request of buildx when it brings up a builder in a container, which it does where it
   * cannot take over a connection: a pull of the builder's image.
   */
  private static final Pattern BUILDER =
      Pattern.compile(
          "(/v[0-9.]+)?/images/create\\?(.*&)?fromImage=[^&]*moby(/|%2[Ff])buildkit(&.*)?");

  static boolean bringsBuilder(String target) {
    return BUILDER.matcher(target).matches();
  }

  @Override
  public boolean passesOn(HttpServletRequest request) {
    return PATH.matcher(request.getRequestURI()).matches();
  }

  /**
   * Returns the target at the daemon, as it was written: names and filters are encoded in it as
   * their client knows it.
   *
   * @throws AccessException.Disguised if the path begins in another way
   */
  static String target(HttpServletRequest request) {
    Matcher path = PATH.matcher(request.getRequestURI());
    if (!path.matches()) {
      throw new AccessException.Disguised("must not be encoded up to /docker/engine");
    }
    String below = path.group(1);
    String query = request.getQueryString();
    return (below == null ? "/" : below) + (query == null ? "" : "?" + query);
  }
}
