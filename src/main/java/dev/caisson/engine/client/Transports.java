package dev.caisson.engine.client;

import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.time.Duration;

/**
 * The connections to the engine, in three pools: what is read for long must not keep calls waiting,
 * and neither may keep the ping of a health check waiting.
 */
record Transports(DockerHttpClient calls, DockerHttpClient streams, DockerHttpClient ping) {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  static Transports to(DockerClientConfig config, int calls, int streams) {
    return new Transports(pool(config, calls), pool(config, streams), pool(config, 2));
  }

  private static DockerHttpClient pool(DockerClientConfig config, int connections) {
    return new FreshConnections(
        new ApacheDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .maxConnections(connections)
            .connectionTimeout(CONNECT)
            .build());
  }

  void close() throws IOException {
    // The last one is closed even if the first could not be.
    try (ping;
        streams) {
      calls.close();
    }
  }
}
