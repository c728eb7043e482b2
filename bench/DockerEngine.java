import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The Docker API over kept connections to a unix socket: of the host's engine, or of a sandbox's daemon. */
final class DockerEngine {
  private final Http http;

  DockerEngine(Path socket) {
    http =
        new Http(
            () -> {
              SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
              channel.connect(UnixDomainSocketAddress.of(socket));
              return channel;
            },
            "");
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
      return http.call("GET", "/_ping", null).status() == 200;
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
    http.call("POST", "/exec/" + id + "/start", "{\"Detach\": false, \"Tty\": false}");
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
    Http.Answer answer = http.call(method, path, body == null ? null : Json.write(body));
    if (answer.status() >= 400) {
      throw new IOException(method + " " + path + ": " + answer.status() + " " + answer.body());
    }
    return answer.body().isBlank() ? null : Json.parse(answer.body());
  }
}
