package dev.caisson.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key store for a service that speaks TLS, and whom its clients trust. */
public record ServiceCertificate(Path store, Path authority) {

  /** One for this host, by number and as localhost, and for more names of keytool's form. */
  public static ServiceCertificate make(Path directory, String... names) {
    ServiceCertificate made =
        new ServiceCertificate(directory.resolve("service.p12"), directory.resolve("ca.pem"));
    made.keytool(
        "-genkeypair",
        "-alias",
        "caisson",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=" + String.join(",", concat(List.of("ip:127.0.0.1", "dns:localhost"), names)));
    made.keytool("-exportcert", "-alias", "caisson", "-rfc", "-file", made.authority.toString());
    return made;
  }

  private static List<String> concat(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }

  /** What the service is told. */
  public Map<String, String> environment() {
    return Map.of(
        "SERVER_SSL_KEYSTORE",
        store.toString(),
        "SERVER_SSL_KEYSTORETYPE",
        "PKCS12",
        "SERVER_SSL_KEYSTOREPASSWORD",
        "changeit");
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", "changeit"));
    Machine.run(command.toArray(String[]::new));
  }

  /** A client that trusts it. */
  public HttpClient trusting() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "caisson", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build();
  }
}
