import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;

/** Calls of a sandbox's Docker API, each on a connection of its own, as a CLI makes them. */
final class Calls {
  private final InetSocketAddress service;
  private final String path;
  private final String key;
  private final InetSocketAddress forward;

  /**
   * @param forward where the same API listens on this host
   */
  Calls(String url, String key, String sandbox, InetSocketAddress forward) {
    URI address = URI.create(url);
    this.service = new InetSocketAddress(address.getHost(), address.getPort());
    this.path = "/v1/sandboxes/" + sandbox + "/docker/engine";
    this.key = key;
    this.forward = forward;
  }

  /** Below a path of the service. */
  void byPath() throws IOException {
    call(service, path, "Authorization: Bearer " + key + "\r\n");
  }

  /** By a port of this host whose bytes are carried as they come. */
  void byForward() throws IOException {
    call(forward, "", "");
  }

  private static void call(InetSocketAddress to, String before, String headers) throws IOException {
    SocketChannel[] opened = new SocketChannel[1];
    try {
      Http http = new Http(() -> opened[0] = SocketChannel.open(to), headers);
      Http.Answer answer = http.call("GET", before + "/_ping", null);
      if (answer.status() != 200 || !answer.body().equals("OK")) {
        throw new IOException("it did not answer: " + answer);
      }
    } finally {
      if (opened[0] != null) {
        opened[0].close();
      }
    }
  }
}
