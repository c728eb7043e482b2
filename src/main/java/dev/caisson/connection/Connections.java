package dev.caisson.connection;

import org.apache.catalina.connector.Connector;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Has Tomcat take connections by the guarded endpoint, and tell whether clients are there. */
@Component
@EnableConfigurationProperties(ConnectionProperties.class)
final class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  private final ConnectionProperties properties;

  Connections(ConnectionProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(GuardedProtocol.class.getName());
    factory.addConnectorCustomizers(this::bound);
    factory.addContextValves(new ClientValve());
  }

  private void bound(Connector connector) {
    if (connector.getProtocolHandler() instanceof GuardedProtocol protocol) {
      protocol.bound(properties);
    }
  }
}
