package dev.caisson.access;

import dev.caisson.certificate.DockerTls;
import dev.caisson.connection.CertifiedPort;
import jakarta.servlet.http.HttpServletRequest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The issuer of client certificates for the daemon of a sandbox, each with a grant of its own that
 * it names: it is good while that lives, whatever else is written in it.
 */
@Component
public final class DockerCertificates {
  private final DockerTls tls;
  private final Grants grants;

  DockerCertificates(DockerTls tls, Grants grants) {
    this.tls = tls;
    this.grants = grants;
  }

  /** A certificate with the grant by which it is good, whose token is handed to no one. */
  record Issued(Grants.Issued grant, DockerTls.Signed signed) {}

  /**
   * Makes a grant and its certificate.
   *
   * @param own the client's key; null to have one made
   * @throws GrantException.NoCertificates if there is no port for it
   */
  Issued issue(String sandbox, Duration life, @Nullable PublicKey own) {
    if (!tls.isOn()) {
      throw new GrantException.NoCertificates(sandbox);
    }
    Grants.Issued grant = grants.issue(sandbox, Grant.Scope.DOCKER, null, life);
    return new Issued(grant, tls.sign(grant.id(), grant.expiresAt(), own));
  }

  /**
   * Returns the address for clients that reach the service there; null if there is no port for it.
   */
  public @Nullable DockerAddress address(Origin service) {
    return tls.isOn()
        ? new DockerAddress(new Origin(true, tls.host(service.host()), tls.port()), "")
        : null;
  }

  /**
   * Returns the grant that the certificate of this request's connection gives now; null if there is
   * none.
   */
  @Nullable Grant grant(HttpServletRequest request) {
    X509Certificate shown = CertifiedPort.shown(request);
    String name = shown == null ? null : DockerTls.name(shown);
    Grant grant = name == null ? null : grants.living(name);
    return grant != null && grant.scope() == Grant.Scope.DOCKER ? grant : null;
  }
}
