package dev.caisson.connection;

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;

/** HTTP/1.1 as Tomcat speaks it, over connections that are counted and watched. */
public final class GuardedProtocol extends Http11NioProtocol {
  private final GuardedEndpoint endpoint;

  /** Creates the protocol for Tomcat, which calls this by its name. */
  public GuardedProtocol() {
    this(new GuardedEndpoint());
  }

  private GuardedProtocol(GuardedEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected Processor createProcessor() {
    return new NamedProcessor(this, getAdapter());
  }

  void bound(ConnectionProperties properties) {
    endpoint.bound(properties);
  }
}
