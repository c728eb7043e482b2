package dev.caisson.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A registry behind a slow link, which counts what is fetched from it. */
public final class SlowUpstream implements AutoCloseable {
  private static final int PIECE = 64 << 10;
  private static final List<String> PASSED =
      List.of("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version", "Etag");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI registry;
  private final long bytesPerSecond;
  private final HttpServer server;
  private final Map<String, Integer> blobs = new ConcurrentHashMap<>();

  public SlowUpstream(String host, URI registry, long bytesPerSecond) throws IOException {
    this.registry = registry;
    this.bytesPerSecond = bytesPerSecond;
    server = HttpServer.create(new InetSocketAddress(host, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort();
  }

  /** How often each blob was fetched, by its path. */
  public Map<String, Integer> blobs() {
    return new TreeMap<>(blobs);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.noBody());
      exchange
          .getRequestHeaders()
          .getOrDefault("Accept", List.of())
          .forEach(value -> request.header("Accept", value));
      HttpResponse<InputStream> answer = send(request.build());
      boolean content = exchange.getRequestMethod().equals("GET");
      String path = exchange.getRequestURI().getPath();
      if (content && path.contains("/blobs/")) {
        blobs.merge(path, 1, Integer::sum);
      }
      for (String name : PASSED) {
        answer
            .headers()
            .firstValue(name)
            .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
      }
      long length = answer.headers().firstValueAsLong("Content-Length").orElse(0);
      if (!content) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      }
      exchange.sendResponseHeaders(answer.statusCode(), content && length > 0 ? length : -1);
      if (content && length > 0) {
        carry(answer.body(), exchange.getResponseBody());
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What makes the link slow: it is what this class is for, not a wait for anything. */
  private void carry(InputStream from, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
      to.write(piece, 0, count);
      LockSupport.parkNanos(count * 1_000_000_000L / bytesPerSecond);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
