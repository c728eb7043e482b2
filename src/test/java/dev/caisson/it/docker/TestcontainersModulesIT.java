package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Testcontainers' modules as they come, with the daemon of a sandbox. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestcontainersModulesIT {
  private static final Path IMAGES = Path.of("src/test/resources/testcontainers");
  private static final List<String> MADE = List.of("postgres", "broker", "socat");

  private final Api api;

  TestcontainersModulesIT(Api api) {
    this.api = api;
  }

  @AfterAll
  void removeImages() {
    MADE.forEach(name -> Machine.attempt("docker", "rmi", "own/" + name + ":1"));
  }

  @Test
  void aDatabaseABrokerAndAProjectOfComposeAreReached(@TempDir Path directory) throws IOException {
    String sandbox = api.dockerSandbox(Machine.STATIC);
    String base = "/v1/sandboxes/" + sandbox;
    String dockerHost =
        api.get(base + "/docker/connect").expecting(200).get("dockerHost").asString();
    carryImages(sandbox, directory, dockerHost);
    String host =
        api.post(base + "/docker/forward", Map.of()).expecting(200).get("host").asString();
    // Compose is given all that is beside its file.
    Path project =
        Files.copy(
            IMAGES.resolve("compose.yaml"),
            Files.createDirectory(directory.resolve("project")).resolve("compose.yaml"));
    String said =
        new DockerClient(directory, dockerHost)
            .with("TESTCONTAINERS_HOST_OVERRIDE", host)
            .with("TESTCONTAINERS_RYUK_DISABLED", "true")
            .with("TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE", "busybox")
            .with("TESTCONTAINERS_SOCAT_CONTAINER_IMAGE", "own/socat:1")
            .run(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Duser.home=" + directory,
                    "-cp",
                    System.getProperty("java.class.path"),
                    TestcontainersModules.class.getName(),
                    project.toString()));
    assertThat(said)
        .contains("url=jdbc:postgresql://" + host + ":", "database=orders user=test")
        .containsPattern("bootstrap=(" + host + ":\\d+)\\nadvertised=PLAINTEXT://\\1,")
        .contains("page=" + host + ":", "content=composed", "reader=composed");
    JsonNode left = api.exec(sandbox, "docker", "ps", "-aq");
    assertThat(Api.text(left, "stdout")).as("what is closed is gone").isEmpty();
    api.delete(base + "?grace=PT0S").expecting(200);
  }

  /** Makes the images on this host, which can install packages, and loads them in the sandbox. */
  private void carryImages(String sandbox, Path directory, String dockerHost) {
    Machine.run("./kit/postgres.sh");
    for (String name : MADE) {
      Machine.run(
          "docker", "build", "-q", "--target", name, "-t", "own/" + name + ":1", IMAGES.toString());
    }
    Path saved = directory.resolve("images.tar");
    Machine.run(
        "docker", "save", "-o", saved.toString(), "own/postgres:1", "own/broker:1", "own/socat:1");
    new DockerClient(directory, dockerHost).docker("load", "-q", "-i", saved.toString());
    // The image that has compose: the kit's own.
    api.shellIn(
        sandbox,
        "mkdir -p /usr/local/lib/docker"
            + " && ln -s /opt/caisson/docker/cli-plugins /usr/local/lib/docker/"
            + " && tar -c -C / opt/caisson bin usr/local | docker import"
            + " -c 'ENV PATH=/opt/caisson/docker/bin:/bin'"
            + " -c 'ENTRYPOINT [\"docker\"]' - own/docker:1");
  }
}
