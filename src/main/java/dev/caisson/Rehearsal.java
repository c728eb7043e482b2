package dev.caisson;

import dev.caisson.sandbox.SandboxProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Asks the service what needs no engine, again and again, and ends: the run in which its AOT cache
 * is made. The cache then knows how often each method of the way of a request is called, and the
 * first requests of a service that is just started are compiled at once (JEP 515).
 */
@Component
@Profile("rehearsal")
@Lazy
final class Rehearsal implements ApplicationRunner {
  private static final int ROUNDS = 1_500;

  private final SandboxProperties properties;
  private final int port;

  Rehearsal(SandboxProperties properties, @Value("${local.server.port}") int port) {
    this.properties = properties;
    this.port = port;
  }

  /** What is asked, and the status that answers it. */
  private record Line(String method, String path, String body, int status) {}

  private static final List<Line> LINES =
      List.of(
          new Line("POST", "/v1/sandboxes/sb-rehearse/processes", "{\"command\":[\"true\"]}", 404),
          new Line("POST", "/v1/sandboxes", "{\"image\":\"Not An Image\"}", 400),
          new Line("GET", "/v1/sandboxes", "", 200),
          new Line("GET", "/v1/sandboxes/sb-rehearse/docker", "", 404));

  @Override
  public void run(ApplicationArguments arguments) throws Exception {
    String key = Files.readString(properties.home().resolve("admin.key")).strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Line line : LINES) {
          say(client, line, key);
        }
      }
    }
    // The caller's way out: the cache is written when the virtual machine ends.
    System.exit(0);
  }

  private void say(HttpClient client, Line line, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + line.path()))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(line.method(), BodyPublishers.ofString(line.body()))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != line.status()) {
      throw new IOException(
          line.method() + " " + line.path() + ": " + answer.statusCode() + " " + answer.body());
    }
  }
}
