package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.PackagedService;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** The service as an image, with the engine's socket, does the same job as the jar. */
class ServiceImageIT {
  private static final String IMAGE = "caisson/caisson:test";

  @BeforeAll
  static void build() {
    Machine.run("docker", "build", "-q", "-t", IMAGE, ".");
  }

  @Test
  void theImageDoesTheMainJob() throws IOException {
    Path home = Files.createTempDirectory("caisson-image");
    PackagedService service = new PackagedService(home, ServiceProcess.freePort());
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
              "SERVER_PORT=" + service.port(),
              "-e",
              "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS=" + Machine.registryMirror(),
              IMAGE);
      service.doesTheMainJob();
      String running = container;
      Eventually.holds(
          () -> Machine.run("docker", "inspect", "-f", "{{.State.Health.Status}}", running),
          "healthy"::equals);
    } finally {
      if (!container.isEmpty()) {
        Machine.run("docker", "rm", "-fv", container);
      }
      Machine.removeSandboxesOf(home);
      FileSystemUtils.deleteRecursively(home);
    }
  }

  /** As it is written, without root's capabilities and on a read-only root. */
  @Test
  void composeStartsIt() throws Exception {
    Path home = Files.createTempDirectory("caisson-compose");
    PackagedService service = new PackagedService(home, ServiceProcess.freePort());
    Map<String, String> environment =
        Map.of(
            "CAISSON_IMAGE",
            IMAGE,
            "CAISSON_HOME",
            home.toString(),
            "CAISSON_PORT",
            Integer.toString(service.port()),
            "CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS",
            Machine.registryMirror());
    try {
      compose(environment, home, "up", "-d");
      service.doesTheMainJob();
    } finally {
      compose(environment, home, "down", "-v");
      Machine.removeSandboxesOf(home);
      FileSystemUtils.deleteRecursively(home);
    }
  }

  private static void compose(Map<String, String> environment, Path home, String... command)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "docker-compose",
                "-f",
                "kit/package/compose.yaml",
                "-p",
                home.getFileName().toString().toLowerCase(java.util.Locale.ROOT)));
    line.addAll(List.of(command));
    Path said = Files.createTempFile("compose", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    } finally {
      Files.delete(said);
    }
  }
}
