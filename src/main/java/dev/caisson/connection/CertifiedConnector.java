package dev.caisson.connection;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/** The connector that takes the connections of a {@link CertifiedPort}. */
final class CertifiedConnector extends Connector {

  /**
   * Creates a connector, which listens when it is started.
   *
   * @param address null for all
   */
  CertifiedConnector(CertifiedPort port, @Nullable InetAddress address) {
    super(new GuardedProtocol());
    setPort(port.port());
    setScheme("https");
    setSecure(true);
    setThrowOnFailure(true);
    // As Boot has it of its own: no client is to wait in a queue before anything can answer.
    setProperty("bindOnInit", "false");
    GuardedProtocol protocol = (GuardedProtocol) getProtocolHandler();
    if (address != null) {
      protocol.setAddress(address);
    }
    protocol.setSSLEnabled(true);
    SSLHostConfig tls = new SSLHostConfig();
    tls.setProtocols("TLSv1.2+TLSv1.3");
    tls.setCertificateVerification("required");
    SSLHostConfigCertificate own =
        new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
    try {
      own.setSslContext(new CertifiedContext(port));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    tls.addCertificate(own);
    addSslHostConfig(tls);
  }
}
