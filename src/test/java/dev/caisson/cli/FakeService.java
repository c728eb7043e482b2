package dev.caisson.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers what it was told to, and remembers what it was asked. */
final class FakeService implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Canned>> answers = new HashMap<>();
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  private record Canned(int status, String type, String body, boolean cut) {}

  /** A request. */
  record Asked(String line, @Nullable String key, @Nullable String lastId, String body) {}

  FakeService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next answer to this; the last one told is repeated. */
  FakeService on(String line, int status, String body) {
    return on(line, new Canned(status, "application/json", body, false));
  }

  /** Events; a stream that is cut breaks off behind them. */
  FakeService events(String line, String body, boolean cut) {
    return on(line, new Canned(200, "text/event-stream", body, cut));
  }

  private FakeService on(String line, Canned canned) {
    answers.computeIfAbsent(line, _ -> new ArrayDeque<>()).add(canned);
    return this;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      asked.add(
          new Asked(
              line,
              exchange.getRequestHeaders().getFirst("Authorization"),
              exchange.getRequestHeaders().getFirst("Last-Event-ID"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      Deque<Canned> known = answers.get(line);
      Canned canned =
          known == null
              ? new Canned(404, "application/problem+json", "{\"code\":\"NOT_TOLD\"}", false)
              : known.size() > 1 ? known.removeFirst() : known.getFirst();
      byte[] body = canned.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", canned.type());
      // One that announces more than comes is a connection that broke.
      exchange.sendResponseHeaders(canned.status(), body.length + (canned.cut() ? 1 : 0));
      exchange.getResponseBody().write(body);
      // Closing one that is too short throws away what was not flushed.
      exchange.getResponseBody().flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
