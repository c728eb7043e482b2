package dev.caisson.engine;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.FilterInputStream;

/**
 * The body of an answer as a stream of its own. Closing it ends the connection: docker-java's own
 * would first read the rest, however long that is.
 */
final class ArchiveStream extends FilterInputStream {
  private final Response response;

  ArchiveStream(Response response) {
    super(response.getBody());
    this.response = response;
  }

  @Override
  public void close() {
    response.close();
  }
}
