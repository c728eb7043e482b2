package dev.caisson.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A service that a package has started, with this state directory, at this port of the host. */
public record PackagedService(Path home, int port) {

  /** Its address, once it is ready. */
  Api ready() throws IOException {
    URI base = URI.create("http://127.0.0.1:" + port);
    Eventually.holds(() -> health(base), status -> status == 200);
    return new Api(base, Files.readString(home.resolve("admin.key")).strip());
  }

  /** What a user does with it, from a sandbox with Docker to its end. */
  public void doesTheMainJob() throws IOException {
    Api api = ready();
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String path = "/v1/sandboxes/" + sandbox;
    JsonNode pull = api.exec(sandbox, "docker", "pull", "hello");
    assertThat(pull.at("/exit/code").asInt()).as(pull.toString()).isZero();
    String stdout = path + "/processes/" + pull.get("pid").asLong() + "/stdout";
    String text = api.get(stdout).text();
    assertThat(text).isNotEmpty();
    JsonNode run = api.exec(sandbox, "docker", "run", "--rm", "hello");
    assertThat(run.at("/exit/code").asInt()).as(run.toString()).isZero();
    Machine.kill9(Machine.hostPids(sandbox, "dockerd").getFirst());
    Eventually.holds(
        () -> api.get(path + "/docker?waitFor=READY&timeout=PT60S").json(),
        daemon ->
            daemon.get("restarts").asInt() > 0 && daemon.get("state").asString().equals("READY"));
    assertThat(api.get(stdout).text()).isEqualTo(text);
    assertThat(api.delete(path).expecting(200).get("state").asString()).isEqualTo("ENDED");
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
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
