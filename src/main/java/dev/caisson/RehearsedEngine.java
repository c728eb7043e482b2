package dev.caisson;

import java.io.IOException;
import java.net.InetAddress;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;

/** A stand-in for the engine, which has nothing, so that what speaks to one is rehearsed too. */
final class RehearsedEngine implements AutoCloseable {
  private final HttpServer server;

  private RehearsedEngine(HttpServer server) {
    this.server = server;
  }

  static RehearsedEngine start() throws IOException {
    HttpServer server =
        ServerBootstrap.bootstrap()
            .setLocalAddress(InetAddress.getLoopbackAddress())
            .setListenerPort(0)
            .setRequestRouter((request, context) -> RehearsedEngine::answer)
            .create();
    server.start();
    return new RehearsedEngine(server);
  }

  String address() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  private static void answer(
      ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context) {
    String list = "/(containers|images)/json.*|/networks(\\?.*)?";
    String body =
        request.getPath().replaceFirst("/v[0-9.]+", "").matches(list)
            ? "[]"
            : "{\"Id\":\"sha256:0\",\"Version\":\"20.10\",\"ApiVersion\":\"1.41\"}";
    response.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
  }

  @Override
  public void close() {
    server.close(CloseMode.IMMEDIATE);
  }
}
