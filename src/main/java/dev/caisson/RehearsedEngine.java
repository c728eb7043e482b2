package dev.caisson;

import dev.caisson.sandbox.SandboxId;
import java.io.IOException;
import java.net.InetAddress;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * A stand-in for the engine, so that what speaks to one is rehearsed too: it lists nothing, and
 * says of any container that it is a certain sandbox, and runs.
 */
final class RehearsedEngine implements AutoCloseable {
  private final HttpServer server;

  private RehearsedEngine(HttpServer server) {
    this.server = server;
  }

  static RehearsedEngine start(SandboxId sandbox) throws IOException {
    String one =
        """
        {"Id":"sha256:0","Version":"20.10","ApiVersion":"1.41","Created":"2026-11-22T00:00:00Z",
        "State":{"Running":true},"Config":{"Labels":{"dev.caisson.sandbox":"%s"}}}
        """
            .formatted(sandbox);
    HttpServer server =
        ServerBootstrap.bootstrap()
            .setLocalAddress(InetAddress.getLoopbackAddress())
            .setListenerPort(0)
            .setRequestRouter(
                (request, context) -> (asked, answer, _) -> answer(asked, answer, one))
            .create();
    server.start();
    return new RehearsedEngine(server);
  }

  String address() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  private static void answer(ClassicHttpRequest request, ClassicHttpResponse response, String one) {
    String list = "/(containers|images)/json.*|/networks(\\?.*)?";
    String body = request.getPath().replaceFirst("/v[0-9.]+", "").matches(list) ? "[]" : one;
    response.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
  }

  @Override
  public void close() {
    server.close(CloseMode.IMMEDIATE);
  }
}
