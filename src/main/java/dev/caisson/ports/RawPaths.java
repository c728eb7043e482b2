package dev.caisson.ports;

import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * The server's setting for paths as browsers and package managers write them: with an encoded slash
 * within a part, and with characters that are not quite allowed. Elsewhere a part with an encoded
 * slash is a part like any other.
 */
@Component
class RawPaths implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
  private static final String IN_PATH = "[]{}|^\"<>";
  private static final String IN_QUERY = "[]{}|^\"<>\\`";

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addConnectorCustomizers(connector -> {
      connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
      connector.setProperty("relaxedPathChars", IN_PATH);
      connector.setProperty("relaxedQueryChars", IN_QUERY);
    });
  }
}
