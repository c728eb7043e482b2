package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Compose files as people have them come up, are healthy, and go without a rest. They are written
 * after the patterns of well-known projects, with a small image; each tests by its commands and
 * health checks what it is about.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeFilesIT {
  private static final Path FILES = Path.of("src", "test", "resources", "compose");

  /** What a nest does not have: the proc of its containers is read-only. */
  private static final List<String> NOT_ROOTLESS = List.of("tunnel");

  private final Api api;
  @AutoClose private final DockerSandbox sandbox;
  private final String compose;

  ComposeFilesIT(Api api) {
    this.api = api;
    sandbox =
        new DockerSandbox(api, Map.of("image", Machine.DEBIAN, "resources", Map.of("pids", 4000)));
    compose = sandbox.path() + "/docker/compose/";
    sandbox.said("docker pull -q busybox");
  }

  List<String> names() {
    boolean rootless = api.isolation(sandbox.id()).equals("rootless");
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".yaml", ""))
          .filter(name -> !rootless || !NOT_ROOTLESS.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aProjectComesUpAndGoes(String name) throws IOException {
    String before = left();
    JsonNode up =
        api.post(
                compose + name + "/up",
                Map.of(
                    "source",
                    Map.of(
                        "content",
                        Files.readString(FILES.resolve(name + ".yaml")),
                        "env",
                        Map.of("DB_PASSWORD", "hush")),
                    "wait",
                    true,
                    "waitTimeout",
                    "PT2M"))
            .expecting(200);
    String why = up + sandbox.said("docker ps -a --format '{{.Names}} {{.Status}}'");
    assertThat(up.get("exit").get("code").asInt()).as(why).isZero();
    JsonNode project = api.get(compose + name).expecting(200);
    assertThat(project.get("healthy").asBoolean()).as(project.toString()).isTrue();

    JsonNode down =
        api.post(
                compose + name + "/down",
                Map.of("volumes", true, "removeOrphans", true, "grace", "PT0S"))
            .expecting(200);
    assertThat(down.get("exit").get("code").asInt()).as(down.toString()).isZero();
    assertThat(left()).isEqualTo(before);
  }

  private String left() {
    return sandbox.said(
        "docker ps -aq; docker network ls -q --filter type=custom; docker volume ls -q;"
            + " ip -br link 2>/dev/null | grep -c veth || true");
  }
}
