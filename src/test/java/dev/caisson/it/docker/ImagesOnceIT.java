package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SlowUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What one sandbox has pulled comes to the next one from nearby. */
class ImagesOnceIT {
  private static final int CACHE_PORT = 5_002;
  private static final String CACHE = "caisson-cache-of-a-test";
  private static final String IMAGE = "once-" + ProcessHandle.current().pid();

  /** Like a good line to the internet: an image of 32 MiB takes four seconds. */
  private static final long LINK = 8L << 20;

  private static final int SIZE = 32 << 20;

  @Test
  void twoSandboxesPullAnImageAndTheUpstreamSeesOnePull(@TempDir Path directory) throws Exception {
    String address = Machine.run("./kit/registry.sh", "address");
    String host = address.substring(0, address.indexOf(':'));
    String local = "127.0.0.1:" + address.substring(address.indexOf(':') + 1);
    String pushed = local + "/library/" + IMAGE + ":latest";
    try (SlowUpstream upstream = new SlowUpstream(host, URI.create("http://" + local), LINK)) {
      push(directory, pushed);
      cache(upstream.url());
      try (ServiceProcess service =
          ServiceProcess.start(
              Files.createDirectory(directory.resolve("home")),
              Map.of(
                  "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS", "http://" + host + ":" + CACHE_PORT))) {
        Duration first = pull(service.api());
        Duration second = pull(service.api());
        Files.writeString(
            Path.of("target", "images-once.txt"), "first " + first + ", second " + second + "\n");
        assertThat(upstream.blobs())
            .isNotEmpty()
            .allSatisfy((path, count) -> assertThat(count).as(path).isEqualTo(1));
        assertThat(first.toMillis()).isGreaterThan(3 * second.toMillis());
      }
    } finally {
      Machine.attempt("docker", "rm", "-fv", CACHE);
      Machine.attempt("docker", "rmi", pushed);
    }
  }

  private static void push(Path directory, String name) throws IOException {
    byte[] random = new byte[SIZE];
    new Random(7).nextBytes(random);
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.write(context.resolve("random"), random);
    Files.writeString(
        context.resolve("Dockerfile"), "FROM " + Machine.STATIC + "\nCOPY random /random\n");
    Machine.run("docker", "build", "-q", "-t", name, context.toString());
    Machine.run("docker", "push", "-q", name);
  }

  private static void cache(String upstream) {
    Machine.run(
        "env",
        "CAISSON_CACHE_NAME=" + CACHE,
        "CAISSON_CACHE_PORT=" + CACHE_PORT,
        "./kit/registry.sh",
        "cache",
        upstream);
  }

  /** In a sandbox of its own: how long the pull took. */
  private static Duration pull(Api api) {
    String sandbox =
        api.sandbox(Map.of("image", Machine.DEBIAN, "docker", Map.of("enabled", true)));
    api.get("/v1/sandboxes/" + sandbox + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    long from = System.nanoTime();
    JsonNode pulled =
        api.post("/v1/sandboxes/" + sandbox + "/docker/pull", Map.of("image", IMAGE))
            .expecting(200);
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    assertThat(pulled.get("exit").get("code").asInt()).as(pulled.toString()).isZero();
    assertThat(
            Api.text(
                api.post(
                        "/v1/sandboxes/" + sandbox + "/processes",
                        Map.of("command", List.of("docker", "images", "-q", IMAGE)))
                    .expecting(200),
                "stdout"))
        .isNotBlank();
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
    return took;
  }
}
