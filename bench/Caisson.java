import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;

/** The service, as a client with kept connections sees it. */
final class Caisson {
  private final Http http;

  /** For answers that are read as they come. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String key;

  /** On each sandbox, so that one whose creation was never answered is found too. */
  private final String run = Long.toString(ProcessHandle.current().pid());

  private volatile boolean over;

  Caisson(String url, String key) {
    this.url = url;
    this.key = key;
    URI address = URI.create(url);
    http =
        new Http(
            () -> {
              SocketChannel channel =
                  SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
              channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
              return channel;
            },
            "Authorization: Bearer " + key + "\r\n");
  }

  /** A sandbox that is READY, as it is answered. */
  Object create(String image, boolean docker) throws IOException, InterruptedException {
    if (over) {
      throw new IOException("the measurements were broken off");
    }
    return call(
        "POST",
        "/v1/sandboxes",
        Map.of(
            "image", image, "docker", Map.of("enabled", docker), "labels", Map.of("bench", run)));
  }

  /** A sandbox without Docker that may use so many processors; one of them by default. */
  Object createWith(String image, int processors) throws IOException, InterruptedException {
    return call(
        "POST",
        "/v1/sandboxes",
        Map.of(
            "image",
            image,
            "resources",
            Map.of("cpu", processors),
            "labels",
            Map.of("bench", run)));
  }

  /** A sandbox of a template, as it is answered. */
  Object createFrom(String template) throws IOException, InterruptedException {
    if (over) {
      throw new IOException("the measurements were broken off");
    }
    return call(
        "POST", "/v1/sandboxes", Map.of("template", template, "labels", Map.of("bench", run)));
  }

  /** Keeps so many sandboxes of this kind ready. */
  void template(String name, String image, boolean docker, int ready)
      throws IOException, InterruptedException {
    call(
        "PUT",
        "/v1/templates/" + name,
        Map.of(
            "sandbox", Map.of("image", image, "docker", Map.of("enabled", docker)),
            "pool", Map.of("min", ready)));
  }

  void forget(String template) throws IOException, InterruptedException {
    call("DELETE", "/v1/templates/" + template, null);
  }

  Object pool(String template) throws IOException, InterruptedException {
    return Json.at(call("GET", "/v1/templates/" + template, null), "pool");
  }

  void awaitPool(String template, int ready) throws IOException, InterruptedException {
    for (int i = 0; (Long) Json.at(pool(template), "ready") < ready; i++) {
      if (i > 6_000) {
        throw new IOException("the pool does not fill: " + Json.write(pool(template)));
      }
      Thread.sleep(20);
    }
  }

  /** Runs a command to its end; it must succeed. */
  void exec(String sandbox, String... command) throws IOException, InterruptedException {
    Object process =
        call(
            "POST",
            "/v1/sandboxes/" + sandbox + "/processes",
            Map.of("command", List.of(command), "background", false));
    if (!Long.valueOf(0).equals(Json.at(process, "exit", "code"))) {
      throw new IOException("it did not end well: " + Json.write(process));
    }
  }

  /**
   * Starts a command in the background: its pid.
   *
   * @param outputLimit how much of its output is kept, null for the usual
   */
  long start(String sandbox, String outputLimit, String... command)
      throws IOException, InterruptedException {
    Map<String, Object> start = new java.util.LinkedHashMap<>();
    start.put("command", List.of(command));
    start.put("background", true);
    if (outputLimit != null) {
      start.put("outputLimit", outputLimit);
    }
    return (Long) Json.at(call("POST", "/v1/sandboxes/" + sandbox + "/processes", start), "pid");
  }

  /** An answer that is read as it comes; closed by the caller. */
  InputStream open(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + key)
            .build();
    var response = client.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() >= 300) {
      throw new IOException("GET " + path + ": " + response.statusCode());
    }
    return response.body();
  }

  /** The daemon of a sandbox, once it is READY. */
  Object awaitDocker(String sandbox) throws IOException, InterruptedException {
    Object daemon =
        call("GET", "/v1/sandboxes/" + sandbox + "/docker?waitFor=READY&timeout=PT2M", null);
    if (!"READY".equals(Json.at(daemon, "state"))) {
      throw new IOException("the daemon did not become ready: " + Json.write(daemon));
    }
    return daemon;
  }

  /** Calls of its Docker API, which is forwarded to this host beside. */
  Calls calls(String sandbox) throws IOException, InterruptedException {
    Object forward =
        call("POST", "/v1/sandboxes/" + sandbox + "/docker/forward", Map.of("engine", true));
    String host = (String) Json.at(forward, "host");
    return new Calls(url, key, sandbox, new InetSocketAddress(host, 2375));
  }

  void delete(String sandbox) throws IOException, InterruptedException {
    call("DELETE", "/v1/sandboxes/" + sandbox + "?grace=PT0S", null);
  }

  /** Removes what measurements that were broken off have left, and makes no more. */
  void deleteAll() throws IOException, InterruptedException {
    over = true;
    for (String state : List.of("STARTING", "READY")) {
      String query = "/v1/sandboxes?limit=500&label=bench:" + run + "&state=" + state;
      for (Object sandbox : Json.list(Json.at(call("GET", query, null), "items"))) {
        delete((String) Json.at(sandbox, "id"));
      }
    }
  }

  private Object call(String method, String path, Object body) throws IOException {
    Http.Answer answer = http.call(method, path, body == null ? null : Json.write(body));
    if (answer.status() >= 300) {
      throw new IOException(method + " " + path + ": " + answer.status() + " " + answer.body());
    }
    return answer.body().isBlank() ? null : Json.parse(answer.body());
  }
}
