package dev.caisson.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The service as this program reaches it: by HTTP, with a key. */
public final class Service {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * The longest wait for a request that is answered at once; a start may pull an image first and
   * has no such bound.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String JSON = "application/json";

  private final Settings settings;
  private final HttpClient client;

  public Service(Settings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(Trust.of(settings))
            .build();
  }

  public Settings settings() {
    return settings;
  }

  public ServiceAnswer get(String path) {
    return accepted(request(path).timeout(PATIENCE).GET());
  }

  public ServiceAnswer post(String path, ObjectNode body) {
    return accepted(
        request(path)
            .header("Content-Type", JSON)
            .POST(BodyPublishers.ofByteArray(Json.bytes(body))));
  }

  public ServiceAnswer put(String path, BodyPublisher content, String type) {
    return accepted(request(path).header("Content-Type", type).PUT(content));
  }

  public ServiceAnswer delete(String path) {
    return accepted(request(path).timeout(PATIENCE).DELETE());
  }

  /**
   * Gets an answer whatever its status, without a key where there is none: to look at, not to use.
   */
  public ServiceAnswer look(String path) {
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(URI.create(settings.url() + path)).timeout(CONNECT).GET();
    if (settings.key() != null) {
      asked.header("Authorization", "Bearer " + settings.key());
    }
    return ServiceAnswer.of(send(asked, BodyHandlers.ofByteArray()));
  }

  /** Gets all items of a list, whatever number of pages it has, with the time of the first page. */
  public ServiceAnswer all(String path) {
    ServiceAnswer first = get(path);
    List<JsonNode> items = new ArrayList<>();
    String cursor = "";
    ServiceAnswer page = first;
    while (true) {
      page.body().path("items").forEach(items::add);
      cursor = Json.word(page.body(), "nextCursor");
      if (cursor.isEmpty()) {
        break;
      }
      page = get(path + (path.contains("?") ? "&" : "?") + "cursor=" + encode(cursor));
    }
    ObjectNode whole = Json.object();
    whole.putArray("items").addAll(items);
    return new ServiceAnswer(first.status(), whole, first.at());
  }

  /** Opens content that is read as it comes; closed by the caller. */
  public InputStream open(String path, String... headers) {
    HttpRequest.Builder asked = request(path).headers(pairs(headers)).GET();
    HttpResponse<InputStream> response = send(asked, BodyHandlers.ofInputStream());
    if (response.statusCode() < 300) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw new CliException.Refused(Problem.of(response.statusCode(), body.readAllBytes()));
    } catch (IOException e) {
      throw new CliException.NotReached(settings.url(), e);
    }
  }

  /** Opens a WebSocket; a refusal carries the problem that the service answers. */
  public WebSocket socket(String path, WebSocket.Listener listener) {
    URI uri = URI.create(settings.url().toString().replaceFirst("^http", "ws") + path);
    try {
      return client
          .newWebSocketBuilder()
          .connectTimeout(CONNECT)
          .header("Authorization", "Bearer " + key())
          .buildAsync(uri, listener)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException no && no.getResponse() != null) {
        Object body = no.getResponse().body();
        throw new CliException.Refused(
            Problem.of(
                no.getResponse().statusCode(),
                (body instanceof String text ? text : "").getBytes(StandardCharsets.UTF_8)));
      }
      throw new CliException.NotReached(settings.url(), e.getCause() == null ? e : e.getCause());
    }
  }

  /** Encodes a word as part of a path or query. */
  public static String encode(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private ServiceAnswer accepted(HttpRequest.Builder asked) {
    HttpResponse<byte[]> response = send(asked, BodyHandlers.ofByteArray());
    if (response.statusCode() >= 300) {
      throw new CliException.Refused(Problem.of(response.statusCode(), response.body()));
    }
    return ServiceAnswer.of(response);
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder asked, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(asked.build(), handler);
    } catch (ConnectException e) {
      throw new CliException.NotReached(
          settings.url(), e.getMessage() == null ? new IOException("connection refused") : e);
    } catch (IOException e) {
      throw new CliException.NotReached(settings.url(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException.Failed("interrupted");
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(settings.url() + path))
        .header("Authorization", "Bearer " + key());
  }

  private String key() {
    String key = settings.key();
    if (key == null) {
      throw new CliException.NoKey(settings.url());
    }
    return key;
  }

  /** Returns the headers, and at least one: the client takes no empty list. */
  private static String[] pairs(String... headers) {
    return headers.length == 0 ? new String[] {"Accept", "*/*"} : headers;
  }
}
