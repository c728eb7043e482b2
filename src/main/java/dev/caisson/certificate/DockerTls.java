package dev.caisson.certificate;

import dev.caisson.connection.CertifiedPort;
import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/**
 * The port for Docker clients that show a certificate, and the certificates that it hands out and
 * takes: its own authority's alone, which each state directory has for itself.
 */
@Component
@EnableConfigurationProperties(DockerTlsProperties.class)
public final class DockerTls implements CertifiedPort {
  private static final String FILE = "docker-ca.pem";

  /** A subject that is a name and nothing else, as RFC 2253 writes it. */
  private static final Pattern SUBJECT = Pattern.compile("CN=([a-z0-9]+)");

  private final DockerTlsProperties properties;
  private final @Nullable InetAddress address;
  private final @Nullable Authority authority;
  private final @Nullable ServerIdentity identity;

  @Autowired
  DockerTls(
      DockerTlsProperties properties,
      SandboxProperties sandboxes,
      ServerProperties server,
      Clock clock) {
    this(properties, sandboxes.home(), server.getAddress(), clock);
  }

  DockerTls(DockerTlsProperties properties, Path home, @Nullable InetAddress address, Clock clock) {
    this.properties = properties;
    this.address = address;
    if (properties.tlsPort() == 0) {
      this.authority = null;
      this.identity = null;
    } else {
      Authority own = Authority.of(home.resolve(FILE), clock);
      this.authority = own;
      this.identity = new ServerIdentity(own, this::names, clock);
    }
  }

  /**
   * The three files that a client is given, which every Docker client knows.
   *
   * @param key of the client, where it was made here: it is nowhere else; null where the client has
   *     made it itself
   */
  public record Signed(String ca, String certificate, @Nullable String key) {
    /** Leaves the key out. */
    @Override
    public String toString() {
      return "Signed[]";
    }
  }

  /** Tells whether there is such a port. */
  public boolean isOn() {
    return authority != null;
  }

  @Override
  public int port() {
    return properties.tlsPort();
  }

  /**
   * Signs a certificate.
   *
   * @param name of letters without case and digits: all that it says of its holder
   * @param until it is good no longer than that
   * @param own the client's key; null to have one made
   */
  public Signed sign(String name, Instant until, @Nullable PublicKey own) {
    Authority signing = on(authority);
    try {
      String ca = pem(signing.certificate());
      if (own != null) {
        return new Signed(ca, pem(signing.client(name, own, until)), null);
      }
      KeyPair made = Authority.keyPair();
      return new Signed(
          ca,
          pem(signing.client(name, made.getPublic(), until)),
          Pem.write(Pem.PRIVATE_KEY, made.getPrivate().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(X509Certificate certificate) throws CertificateEncodingException {
    return Pem.write(Pem.CERTIFICATE, certificate.getEncoded());
  }

  /**
   * Returns the name for which a certificate was signed that this port has taken; null if for none.
   */
  public static @Nullable String name(X509Certificate certificate) {
    Matcher subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
    return subject.matches() ? subject.group(1) : null;
  }

  /**
   * Returns a host under which clients find the port and its certificate is believed: the one by
   * which a caller has come, if it is one.
   */
  public String host(String wanted) {
    Set<String> names = names();
    if (names.contains(ServerNames.plain(wanted))) {
      return wanted;
    }
    String first = names.iterator().next();
    return first.indexOf(':') < 0 ? first : "[" + first + "]";
  }

  private Set<String> names() {
    return ServerNames.of(properties.tlsNames(), address);
  }

  @Override
  public X509ExtendedKeyManager keys() {
    return on(identity);
  }

  @Override
  public X509TrustManager trust() {
    try {
      KeyStore signers = KeyStore.getInstance("PKCS12");
      signers.load(null, null);
      signers.setCertificateEntry("ca", on(authority).certificate());
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(signers);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509TrustManager trust) {
          return trust;
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("no X.509 in PKIX");
  }

  private static <T> T on(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("there is no port for Docker clients with certificates");
    }
    return part;
  }
}
