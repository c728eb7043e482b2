package dev.caisson.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The certificates to trust for the service. */
final class Trust {
  private Trust() {}

  /**
   * Creates a context with Java's own signers, or those of the file that was named. For plain HTTP
   * it has none: reading Java's signers is a third of what a short command takes.
   */
  static SSLContext of(Settings settings) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      if (!settings.secure()) {
        context.init(null, new TrustManager[0], null);
        return context;
      }
      Path authority = settings.authority();
      if (authority == null) {
        return SSLContext.getDefault();
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (InputStream file = Files.newInputStream(authority)) {
        int number = 0;
        for (Certificate each :
            CertificateFactory.getInstance("X.509").generateCertificates(file)) {
          store.setCertificateEntry("signer-" + number++, each);
        }
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new CliException.Failed("cannot set up TLS", e);
    }
  }
}
