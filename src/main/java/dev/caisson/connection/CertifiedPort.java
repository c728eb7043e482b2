package dev.caisson.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A port beside the service's own, at the same address, that hears only clients which have shown a
 * certificate; another room says whose certificates count, and by which the port is known.
 */
public interface CertifiedPort {

  /** Returns the number of the port; 0 where there is no such port. */
  int port();

  /**
   * Returns the keys and certificates that the port shows of itself; asked for each handshake anew.
   */
  X509ExtendedKeyManager keys();

  /** Returns the manager that decides on certificates that clients show. */
  X509TrustManager trust();

  /** Tells whether this request has come to that port. */
  static boolean received(HttpServletRequest request) {
    return request.getAttribute(CertifiedPort.class.getName()) != null;
  }

  /**
   * Returns the certificate that the request's client has shown; null for a request to any other
   * port.
   */
  static @Nullable X509Certificate shown(HttpServletRequest request) {
    return received(request)
            && request.getAttribute("jakarta.servlet.request.X509Certificate")
                instanceof X509Certificate[] chain
            && chain.length > 0
        ? chain[0]
        : null;
  }
}
