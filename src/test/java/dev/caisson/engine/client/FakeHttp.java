package dev.caisson.engine.client;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An engine without a wire, that answers as it is told and remembers what it was asked. */
public final class FakeHttp implements DockerHttpClient {
  public final List<Request> requests = new CopyOnWriteArrayList<>();
  public final AtomicInteger open = new AtomicInteger();
  private final List<Route> routes = new CopyOnWriteArrayList<>();

  private record Route(String begin, Function<Request, Answer> answer) {}

  /** What it says. */
  public record Answer(int status, InputStream body) {
    public static Answer of(int status, String body) {
      return new Answer(status, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }
  }

  public FakeHttp() {
    on("GET /version", 200, "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
  }

  /** Whatever begins like this, the version left out, is answered with this; the last one wins. */
  public FakeHttp on(String begin, int status, String body) {
    return on(begin, request -> Answer.of(status, body));
  }

  public FakeHttp on(String begin, Function<Request, Answer> answer) {
    routes.addFirst(new Route(begin, answer));
    return this;
  }

  /** A client of it. */
  public EngineClient client() {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("tcp://user:secret@engine:2375/token")
            .withDockerConfig("/nowhere")
            .build();
    return new EngineClient(
        config,
        new Transports(this, this, this),
        Duration.ofSeconds(10),
        new SimpleMeterRegistry());
  }

  /** What it was asked, without versions. */
  public List<String> asked() {
    return requests.stream().map(FakeHttp::line).toList();
  }

  @Override
  public Response execute(Request request) {
    requests.add(request);
    String line = line(request);
    Answer answer =
        routes.stream()
            .filter(route -> line.startsWith(route.begin))
            .findFirst()
            .map(route -> route.answer.apply(request))
            .orElseGet(() -> Answer.of(404, "{\"message\":\"nothing at " + line + "\"}"));
    open.incrementAndGet();
    return new FakeResponse(answer);
  }

  private static String line(Request request) {
    return request.method() + " " + request.path().replaceFirst("^/v\\d+\\.\\d+", "");
  }

  @Override
  public void close() {}

  /** Counts itself as closed, once. */
  private final class FakeResponse implements Response {
    private final Answer answer;
    private boolean closed;

    FakeResponse(Answer answer) {
      this.answer = answer;
    }

    @Override
    public int getStatusCode() {
      return answer.status();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
      return Map.of();
    }

    @Override
    public InputStream getBody() {
      return answer.body();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
