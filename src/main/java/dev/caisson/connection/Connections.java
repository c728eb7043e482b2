package dev.caisson.connection;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.ProtocolHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * The set-up of Tomcat, which takes connections by the guarded endpoint, tells whether clients are
 * there, and listens at the port for clients with certificates, where there is one.
 */
@Component
@EnableConfigurationProperties(ConnectionProperties.class)
final class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  private final ConnectionProperties properties;
  private final ObjectProvider<CertifiedPort> certified;

  Connections(ConnectionProperties properties, ObjectProvider<CertifiedPort> certified) {
    this.properties = properties;
    this.certified = certified;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(GuardedProtocol.class.getName());
    factory.addConnectorCustomizers(this::bound);
    factory.addContextValves(new ClientValve());
    certified.stream()
        .filter(port -> port.port() > 0)
        .forEach(port -> add(new CertifiedConnector(port, factory.getAddress()), factory));
  }

  private void bound(Connector connector) {
    if (connector.getProtocolHandler() instanceof GuardedProtocol protocol) {
      protocol.bound(properties);
    }
  }

  /**
   * Adds the other connector: Boot sets up its own alone, and when it comes to that, the other gets
   * the same.
   */
  private static void add(CertifiedConnector other, TomcatServletWebServerFactory factory) {
    factory.addAdditionalConnectors(other);
    factory.addConnectorCustomizers(connector -> {
      if (!connector.equals(other)) {
        alike(other, factory);
      }
    });
  }

  @SuppressWarnings("unchecked")
  private static void alike(CertifiedConnector other, TomcatServletWebServerFactory factory) {
    ProtocolHandler handler = other.getProtocolHandler();
    LambdaSafe.callbacks(
            TomcatProtocolHandlerCustomizer.class, factory.getProtocolHandlerCustomizers(), handler)
        .invoke(customizer -> customizer.customize(handler));
    factory.getConnectorCustomizers().forEach(customizer -> customizer.customize(other));
  }
}
