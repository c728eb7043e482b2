package dev.caisson.connection;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * The processor that takes a request which names no host for one of the host that its connection
 * was made to, as TLS says it (SNI). Docker's clients send an empty Host where they take a
 * connection over for BuildKit (moby's DialHijack, 28.5).
 */
final class NamedProcessor extends Http11Processor {

  NamedProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
    super(protocol, adapter);
  }

  /**
   * Sets the host as well; called where the Host header is empty or absent, once that is noted
   * down.
   */
  @Override
  protected void populatePort() {
    super.populatePort();
    String name = getSocketWrapper().getSniHostName();
    String said = request.serverName().toString();
    if (name != null && (said == null || said.isEmpty())) {
      request.serverName().setString(name);
    }
  }
}
