package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** The service as an image, with the engine's socket, does the same job as the jar. */
class ServiceImageIT {
  private static final String IMAGE = "caisson/caisson:test";

  @Test
  void theImageDoesTheMainJob() throws IOException {
    Machine.run("docker", "build", "-q", "-t", IMAGE, ".");
    Path home = Files.createTempDirectory("caisson-image");
    int port = freePort();
    String container = "";
    try {
      container =
          Machine.run(
              "docker",
              "run",
              "-d",
              "--userns=host",
              "--network=host",
              "-v",
              "/var/run/docker.sock:/var/run/docker.sock",
              "-v",
              home + ":" + home,
              "-e",
              "CAISSON_HOME=" + home,
              "-e",
              "SERVER_PORT=" + port,
              "-e",
              "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS=" + Machine.registryMirror(),
              IMAGE);
      URI base = URI.create("http://127.0.0.1:" + port);
      Eventually.holds(() -> health(base), status -> status == 200);
      Api api = new Api(base, Files.readString(home.resolve("admin.key")).strip());
      String sandbox = api.dockerSandbox(Machine.STATIC);
      JsonNode run = api.exec(sandbox, "docker", "run", "--rm", "hello");
      assertThat(run.get("exit").get("code").asInt()).as(run.toString()).isZero();
      assertThat(api.delete("/v1/sandboxes/" + sandbox).expecting(200).get("state").asString())
          .isEqualTo("ENDED");
    } finally {
      if (!container.isEmpty()) {
        Machine.run("docker", "rm", "-fv", container);
      }
      Machine.removeSandboxesOf(home);
      FileSystemUtils.deleteRecursively(home);
    }
  }

  private static int health(URI base) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(base.resolve("/actuator/health/readiness")).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
