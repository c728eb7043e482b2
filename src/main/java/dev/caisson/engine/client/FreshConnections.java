package dev.caisson.engine.client;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;

/**
 * A transport that asks the engine to close each connection after its answer: a pooled one is stale
 * after the engine restarted, and a POST that meets it fails. A new connection to a unix socket
 * costs next to nothing.
 */
record FreshConnections(DockerHttpClient transport) implements DockerHttpClient {

  @Override
  public Response execute(Request request) {
    Request.Builder once = Request.builder();
    once.from(request);
    once.putHeader("Connection", "close");
    return transport.execute(once.build());
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
