package dev.caisson.engine;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.FilterInputStream;

/**
 * The body of an answer as a stream of its own. Closing it ends the connection: docker-java's own
 * would first read the rest, however long that is.
 */
final class ArchiveStream extends FilterInputStream {
  private final Response response;
  private final Runnable after;

  ArchiveStream(Response response) {
    this(response, () -> {});
  }

  /** Creates the stream of an answer; {@code after} is run once the connection is closed. */
  ArchiveStream(Response response, Runnable after) {
    super(response.getBody());
    this.response = response;
    this.after = after;
  }

  @Override
  public void close() {
    try {
      response.close();
    } finally {
      after.run();
    }
  }
}
