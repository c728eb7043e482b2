package dev.caisson.connection;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.apache.tomcat.util.net.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The context that shows Java's TLS to Tomcat, with the managers of a {@link CertifiedPort} in
 * place of files.
 */
final class CertifiedContext implements SSLContext {
  private final CertifiedPort port;
  private final javax.net.ssl.SSLContext context;

  CertifiedContext(CertifiedPort port) throws GeneralSecurityException {
    this.port = port;
    this.context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {port.keys()}, new TrustManager[] {port.trust()}, null);
  }

  /** Does nothing: the context was begun with what it has. */
  @Override
  public void init(
      KeyManager @Nullable [] keys,
      TrustManager @Nullable [] trust,
      @Nullable SecureRandom random) {
    // See above.
  }

  @Override
  public void destroy() {
    // Nothing is held.
  }

  @Override
  public SSLSessionContext getServerSessionContext() {
    return context.getServerSessionContext();
  }

  @Override
  public SSLEngine createSSLEngine() {
    return context.createSSLEngine();
  }

  @Override
  public SSLServerSocketFactory getServerSocketFactory() {
    return context.getServerSocketFactory();
  }

  @Override
  public SSLParameters getSupportedSSLParameters() {
    return context.getSupportedSSLParameters();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return port.keys().getCertificateChain(alias);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return port.trust().getAcceptedIssuers();
  }
}
