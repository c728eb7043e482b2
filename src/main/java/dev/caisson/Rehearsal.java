package dev.caisson;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * Starts the service beside a stand-in for an engine, asks it what needs no sandbox, and ends: the
 * run in which its AOT cache is made, with the classes that a start and a request need (JEP 483).
 */
final class Rehearsal {
  private static final int ROUNDS = 20;

  private final Path home;
  private final int port;

  private Rehearsal(Path home, int port) {
    this.home = home;
    this.port = port;
  }

  static void run() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("caisson-rehearsal");
    try (RehearsedEngine engine = RehearsedEngine.start();
        var service =
            SpringApplication.run(
                CaissonApplication.class,
                "--server.port=0",
                "--CAISSON_HOME=" + home,
                "--caisson.engine.host=" + engine.address())) {
      int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      new Rehearsal(home, port).ask();
    } finally {
      FileSystemUtils.deleteRecursively(home);
    }
  }

  /** A request of the rehearsal, and the status that answers it. */
  private record Line(String method, String path, String body, int status) {}

  private static final List<Line> LINES =
      List.of(
          new Line("POST", "/v1/sandboxes/sb-rehearse/processes", "{\"command\":[\"true\"]}", 404),
          new Line("POST", "/v1/sandboxes", "{\"image\":\"Not An Image\"}", 400),
          new Line("GET", "/v1/sandboxes", "", 200),
          new Line("GET", "/v1/sandboxes/sb-rehearse/docker", "", 404));

  private void ask() throws IOException, InterruptedException {
    String key = Files.readString(home.resolve("admin.key")).strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Line line : LINES) {
          say(client, line, key);
        }
      }
    }
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
