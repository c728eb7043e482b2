package dev.caisson;

import dev.caisson.certificate.DockerTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a Docker client has in DOCKER_CERT_PATH.
 *
 * @param cert null for a client that shows nothing, as is its key
 */
public record ClientFiles(String ca, @Nullable String cert, @Nullable String key) {

  static ClientFiles of(DockerTls.Signed signed) {
    return new ClientFiles(signed.ca(), signed.certificate(), signed.key());
  }

  /** As the service answers them. */
  public static ClientFiles of(JsonNode answer) {
    return new ClientFiles(
        answer.get("ca").asString(), answer.get("cert").asString(), answer.get("key").asString());
  }

  /** Those of a client that trusts somebody else, or shows nothing. */
  ClientFiles trusting(String authority) {
    return new ClientFiles(authority, cert, key);
  }

  ClientFiles showingNothing() {
    return new ClientFiles(ca, null, null);
  }

  /** Writes them where a client finds them. */
  public void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("ca.pem"), ca);
    Files.writeString(directory.resolve("cert.pem"), Objects.requireNonNull(cert));
    Files.writeString(directory.resolve("key.pem"), Objects.requireNonNull(key));
  }

  X509Certificate certificate() throws GeneralSecurityException {
    return certificate(Objects.requireNonNull(cert));
  }

  static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Sockets of such a client. */
  SSLSocketFactory sockets() throws GeneralSecurityException, IOException {
    return context().getSocketFactory();
  }

  SSLContext context() throws GeneralSecurityException, IOException {
    char[] nobodys = "changeit".toCharArray();
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (cert != null && key != null) {
      own.setKeyEntry("own", privateKey(key), nobodys, new Certificate[] {certificate(cert)});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, nobodys);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate(ca));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    byte[] content = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content));
  }
}
