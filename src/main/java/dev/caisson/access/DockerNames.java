package dev.caisson.access;

import dev.caisson.connection.CertifiedPort;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The addresses of Docker clients that can send no header: the token of their grant is in the host
 * name, where the service has a domain, or in the path; or their certificate says it, at the port
 * for these. Under such a host name, and at that port, every path is the daemon's.
 */
@Component
public final class DockerNames {
  private final @Nullable String suffix;

  DockerNames(HostDomain domain) {
    this.suffix = domain.domain() == null ? null : "." + domain.domain();
  }

  /** Tells whether the host name of this request is that of a daemon, or its port says as much. */
  public boolean names(HttpServletRequest request) {
    return CertifiedPort.received(request) || label(request) != null;
  }

  /**
   * Tells whether the connection itself names its host, as TLS does that is ended here: then such a
   * host name serves clients that leave it out of some requests, as those of BuildKit do.
   */
  public static boolean isNamedByItself(HttpServletRequest request) {
    return request.getAttribute("jakarta.servlet.request.cipher_suite") != null;
  }

  /**
   * Returns the daemon's address for clients that reach the service there; by host name if it can
   * be.
   */
  public DockerAddress address(Grants.Issued issued, Origin service) {
    DockerAddress named = named(issued, service);
    return named == null ? byPath(issued, service) : named;
  }

  /** Returns the address by path, which needs no domain. */
  public DockerAddress byPath(Grants.Issued issued, Origin service) {
    return new DockerAddress(service, TokenPath.BEGINNING + issued.token());
  }

  /** Returns the address by host name; null if there is none. */
  public @Nullable DockerAddress named(Grants.Issued issued, Origin service) {
    return suffix == null
        ? null
        : new DockerAddress(
            new Origin(service.secure(), issued.label() + suffix, service.port()), "");
  }

  /** Returns the token and the daemon's path of this request; null if it is for no daemon. */
  @Nullable TokenPath of(HttpServletRequest request) {
    String raw = request.getRequestURI();
    // A target without a path, as that of OPTIONS, is the daemon's, too.
    String whole = raw.startsWith("/") ? raw : "/" + raw;
    if (CertifiedPort.received(request)) {
      return new TokenPath(null, whole);
    }
    String label = label(request);
    return label == null ? TokenPath.of(raw) : new TokenPath(Token.ofLabel(label), whole);
  }

  /** Tells whether the host name is below the domain, where no path is the service's own. */
  boolean isBelowDomain(HttpServletRequest request) {
    return suffix != null && request.getServerName().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  private @Nullable String label(HttpServletRequest request) {
    if (suffix == null || !isBelowDomain(request)) {
      return null;
    }
    String name = request.getServerName();
    // DNS knows no case, and some resolvers write names in a mixed one.
    String label = name.substring(0, name.length() - suffix.length()).toLowerCase(Locale.ROOT);
    return Token.isLabel(label) ? label : null;
  }
}
