import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Docker API over a unix socket, one connection a call: of the host's engine, or of a sandbox's
 * daemon.
 */
final class DockerEngine {
  private final Path socket;

  DockerEngine(Path socket) {
    this.socket = socket;
  }

  /** The host's engine. */
  static DockerEngine ofHost() {
    String host = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    if (!host.startsWith("unix://")) {
      throw new IllegalStateException("the engine must be on this host, not at " + host);
    }
    return new DockerEngine(Path.of(host.substring("unix://".length())));
  }

  /** Whether a daemon answers its ping. */
  boolean answers() {
    try {
      return exchange("GET", "/_ping", null).startsWith("HTTP/1.0 200")
          || exchange("GET", "/_ping", null).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  Object get(String path) throws IOException {
    return call("GET", path, null);
  }

  Object post(String path, Object body) throws IOException {
    return call("POST", path, body);
  }

  void remove(String container) throws IOException {
    call("DELETE", "/containers/" + container + "?force=true&v=true", null);
  }

  /** Runs a command in a container as any client of the API does: create, start, look. */
  void exec(String container, String... command) throws IOException {
    Object made =
        post("/containers/" + container + "/exec", Map.of("Cmd", List.of(command)));
    String id = (String) Json.at(made, "Id");
    // Attached, the answer ends when the command does.
    exchange("POST", "/exec/" + id + "/start", "{\"Detach\": false, \"Tty\": false}");
    Object ended = get("/exec/" + id + "/json");
    while (Boolean.TRUE.equals(Json.at(ended, "Running"))) {
      // Its output ends a moment before it is known how it ended; nothing tells.
      ended = get("/exec/" + id + "/json");
    }
    if (!Long.valueOf(0).equals(Json.at(ended, "ExitCode"))) {
      throw new IOException("it did not end well: " + Json.write(ended));
    }
  }

  /** The container of a sandbox. */
  String containerOf(String sandbox) throws IOException {
    List<Object> found = labelled("dev.caisson.sandbox=" + sandbox);
    if (found.size() != 1) {
      throw new IllegalStateException(found.size() + " containers carry the label of " + sandbox);
    }
    return (String) Json.at(found.getFirst(), "Id");
  }

  List<Object> labelled(String label) throws IOException {
    String filter = Json.write(Map.of("label", List.of(label)));
    return Json.list(
        get(
            "/containers/json?all=true&filters="
                + URLEncoder.encode(filter, StandardCharsets.UTF_8)));
  }

  /** Host pids of what runs in a container, with the names of their programs. */
  Map<Long, String> processes(String container) throws IOException {
    Map<Long, String> found = new java.util.LinkedHashMap<>();
    for (Object row :
        Json.list(
            Json.at(
                get("/containers/" + container + "/top?ps_args=-eo%20pid,comm"), "Processes"))) {
      List<Object> columns = Json.list(row);
      found.put(Long.valueOf((String) columns.getFirst()), (String) columns.getLast());
    }
    return found;
  }

  private Object call(String method, String path, Object body) throws IOException {
    String answer = exchange(method, path, body == null ? null : Json.write(body));
    int status = Integer.parseInt(answer.substring(9, 12));
    String content = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    if (status >= 400) {
      throw new IOException(method + " " + path + ": " + status + " " + content);
    }
    return content.isBlank() ? null : Json.parse(content);
  }

  /** HTTP 1.0: the answer is whole when the connection ends, and never in chunks. */
  private String exchange(String method, String path, String body) throws IOException {
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, content.length);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          new ByteBuffer[] {
            ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)), ByteBuffer.wrap(content)
          });
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
      while (channel.read(buffer.clear()) >= 0) {
        answer.write(buffer.array(), 0, buffer.position());
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
