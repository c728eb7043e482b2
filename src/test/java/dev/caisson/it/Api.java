package dev.caisson.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.process.AttachClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as a client with nothing but HTTP and JSON sees it. */
public final class Api {
  public static final JsonMapper JSON = JsonMapper.builder().build();
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final URI base;
  private final String key;
  private final HttpClient client;
  private final BooleanSupplier ofThisContract;

  public Api(URI base, String key) {
    this(base, key, CLIENT);
  }

  Api(URI base, String key, HttpClient client) {
    this(base, key, client, () -> true);
  }

  /** One whose answers are held against this version's contract only while they are of it. */
  Api(URI base, String key, HttpClient client, BooleanSupplier ofThisContract) {
    this.base = base;
    this.key = key;
    this.client = client;
    this.ofThisContract = ofThisContract;
  }

  /** An answer, whatever its status. */
  public record Reply(int status, byte[] body, HttpResponse<?> response) {

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(body);
    }

    /** The JSON of an answer that must have this status. */
    public JsonNode expecting(int expected) {
      assertThat(status).as(text()).isEqualTo(expected);
      return json();
    }
  }

  public Reply get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  public Reply post(String path, Map<String, ?> body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  public Reply put(String path, HttpRequest.BodyPublisher body, String... headers) {
    return send(request(path, headers).PUT(body));
  }

  public Reply put(String path, String body, String... headers) {
    return put(path, HttpRequest.BodyPublishers.ofString(body), headers);
  }

  public Reply postBytes(String path, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** A tar of a length that is not known before. */
  public Reply postTar(String path, Supplier<InputStream> tar, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-tar")
            .POST(HttpRequest.BodyPublishers.ofInputStream(tar)));
  }

  /** A WebSocket to a process. */
  public AttachClient attach(String sandbox, long pid, String query) {
    String path = "/v1/sandboxes/" + sandbox + "/processes/" + pid + "/attach" + query;
    try {
      return AttachClient.open(
          client,
          URI.create(base.resolve(path).toString().replaceFirst("^http", "ws")),
          "Authorization",
          "Bearer " + key);
    } catch (Exception e) {
      throw new AssertionError("could not attach to " + path, e);
    }
  }

  public Reply patch(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
  }

  public Reply delete(String path) {
    return send(request(path).DELETE());
  }

  /** A stream that is read as it comes; closed by the caller. */
  public InputStream stream(String path, String... headers) {
    try {
      HttpResponse<InputStream> response =
          client.send(
              request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() >= 500) {
        throw new IOException(path + ": " + response.statusCode());
      }
      if (response.statusCode() >= 300) {
        throw new AssertionError(
            path + ": " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder;
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (ofThisContract.getAsBoolean()) {
        AnswerCheck.check(
            response.request().method(),
            response.uri().getRawPath(),
            response.statusCode(),
            response.headers().firstValue("Content-Type").orElse(null),
            response.body());
      }
      return new Reply(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A sandbox that is ready, by its id. */
  public String sandbox(Map<String, ?> body) {
    return post("/v1/sandboxes", body).expecting(201).get("id").asString();
  }

  /** A sandbox with Docker, READY. */
  public String dockerSandbox(String image) {
    return dockerSandbox(Map.of("image", image));
  }

  /** A sandbox with Docker and whatever else this says, READY. */
  public String dockerSandbox(Map<String, ?> wanted) {
    Map<String, Object> body = new HashMap<>(wanted);
    body.put("docker", Map.of("enabled", true));
    String id = sandbox(body);
    JsonNode daemon =
        get("/v1/sandboxes/" + id + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    return id;
  }

  /** What holds this sandbox apart. */
  public String isolation(String sandbox) {
    return get("/v1/sandboxes/" + sandbox).expecting(200).get("isolation").asString();
  }

  /** Where the service listens. */
  public int port() {
    return base.getPort();
  }

  /** A command run in the foreground to its end. */
  public JsonNode exec(String sandbox, String... command) {
    return post("/v1/sandboxes/" + sandbox + "/processes", Map.of("command", command))
        .expecting(200);
  }

  /** A shell line run in the foreground to its end. */
  public JsonNode shell(String sandbox, String line) {
    return post("/v1/sandboxes/" + sandbox + "/processes", Map.of("shell", line)).expecting(200);
  }

  /** A line for the shell of an image that has only a static busybox; it must succeed. */
  public void shellIn(String sandbox, String line) {
    JsonNode ended = exec(sandbox, "/bin/busybox", "sh", "-c", line);
    assertThat(ended.get("exit").get("code").asInt()).as(ended.toString()).isZero();
  }

  /** A command started in the background: its pid. */
  public long start(String sandbox, String... command) {
    return start(sandbox, Map.of("command", command));
  }

  /** A process started in the background as this says: its pid. */
  public long start(String sandbox, Map<String, ?> request) {
    Map<String, Object> background = new HashMap<>(request);
    background.put("background", true);
    return post("/v1/sandboxes/" + sandbox + "/processes", background)
        .expecting(201)
        .get("pid")
        .asLong();
  }

  /** A process as it is now. */
  public JsonNode process(String sandbox, long pid) {
    return get("/v1/sandboxes/" + sandbox + "/processes/" + pid).expecting(200);
  }

  public JsonNode awaitExit(String sandbox, long pid) {
    return get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "?waitFor=EXITED&timeout=PT2M")
        .expecting(200);
  }

  public static String text(JsonNode process, String stream) {
    return process.get(stream).get("text").asString();
  }
}
