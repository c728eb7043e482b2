package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.client.CliTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two services with state directories of their own, side by side on the one engine. */
@Timeout(300)
class TwoServicesIT {
  private static final String NAME = "caisson-two-services-test";
  private static final String CACHE = NAME + "-cache";
  private static final String KIT = NAME + "/kit";

  /** As the quickstart tells them: each by the version that it was built with. */
  private static final String OLD = KIT + ":1";

  private static final String NEW = KIT + ":2";

  private final Map<String, String> shared =
      Map.of(
          "CAISSON_REGISTRY_NAME",
          NAME,
          "CAISSON_CACHE_NAME",
          CACHE,
          "CAISSON_REGISTRY_PORT",
          Integer.toString(ServiceProcess.freePort()),
          "CAISSON_CACHE_PORT",
          Integer.toString(ServiceProcess.freePort()));

  @TempDir Path directory;
  private Path one;
  private Path two;
  private String mirror = "";

  @BeforeEach
  void build() throws IOException {
    one = Files.createDirectory(directory.resolve("one"));
    two = Files.createDirectory(directory.resolve("two"));
    kit(OLD);
    kit(NEW);
    for (Path home : List.of(one, two)) {
      script(home, "./kit/registry.sh", "cache", Machine.registryMirror());
    }
    mirror = "http://" + script(one, "./kit/registry.sh", "cache-address").strip();
  }

  /** What is left of a test that has failed, too. */
  @AfterEach
  void removeWhatIsLeft() {
    Machine.removeSandboxesOf(one);
    Machine.removeSandboxesOf(two);
    Machine.attempt("docker", "rm", "-fv", CACHE);
    for (String claim :
        Machine.words(
            Machine.run("docker", "volume", "ls", "-q", "--filter", "name=" + NAME + "-claim-"))) {
      Machine.attempt("docker", "volume", "rm", claim);
    }
    String label = "label=dev.caisson.kit.image=" + KIT;
    for (String container : Machine.words(Machine.run("docker", "ps", "-aq", "--filter", label))) {
      Machine.attempt("docker", "rm", container);
    }
    // First what shows a volume to sandboxes.
    Machine.words(Machine.run("docker", "volume", "ls", "-q", "--filter", label)).stream()
        .sorted((a, b) -> b.length() - a.length())
        .forEach(volume -> Machine.attempt("docker", "volume", "rm", volume));
    Machine.attempt("docker", "rmi", OLD, NEW);
  }

  @Test
  void neitherNoticesWhatBecomesOfTheOther() throws Exception {
    try (ServiceProcess first = service(one, OLD);
        ServiceProcess second = service(two, OLD)) {
      String own = first.api().dockerSandbox(Machine.STATIC);
      String other = second.api().dockerSandbox(Machine.STATIC);
      pulls(first.api(), own, "busybox");
      pulls(second.api(), other, "busybox");

      // A state directory in which no service ever ran owns nothing: not even all that it sees.
      assertThat(script(directory.resolve("none"), "./quickstart", "stop", "--keep-engine"))
          .doesNotContain("removing");

      first.kill();
      first.start();
      assertThat(sandboxes(first.api())).containsExactly(own);
      assertThat(sandboxes(second.api())).containsExactly(other);
      isWell(first.api(), own);
      isWell(second.api(), other);

      // Nothing but the first service itself speaks for its kit from here on.
      first.api().delete("/v1/sandboxes/" + own + "?grace=PT0S").expecting(200);
      second.terminate();
      try (ServiceProcess upgraded = service(two, NEW)) {
        isWell(upgraded.api(), other);
        upgraded.api().delete("/v1/sandboxes/" + other + "?grace=PT0S").expecting(200);
        assertThat(kitOf(upgraded.api().dockerSandbox(Machine.STATIC))).isEqualTo(volume(NEW));
        assertThat(Machine.attempt("docker", "rmi", OLD).code()).as("it is in use").isNotZero();
        String next = first.api().dockerSandbox(Machine.STATIC);
        assertThat(kitOf(next)).isEqualTo(volume(OLD));

        upgraded.terminate();
        assertThat(script(two, "./quickstart", "stop", "--keep-engine"))
            .contains("removing sandboxes: 1", "is used by " + one);
        isWell(first.api(), next);
        pulls(first.api(), next, "hello");
        pulls(first.api(), first.api().dockerSandbox(Machine.STATIC), "hello");
      }
      isSaidWhenTheCacheIsGone(first);
    }
  }

  private void isSaidWhenTheCacheIsGone(ServiceProcess service) {
    Api api = service.api();
    assertThat(mirrorOf(api).get("answers").asBoolean()).isTrue();
    Machine.run("docker", "rm", "-fv", CACHE);

    JsonNode said = mirrorOf(api);
    assertThat(said.get("url").asString()).isEqualTo(mirror);
    assertThat(said.get("answers").asBoolean()).as(said.toString()).isFalse();
    assertThat(said.get("remedy").asString()).contains("kit/registry.sh cache");
    assertThat(api.get("/v1/host").json().get("warnings").toString()).contains(mirror);
    assertThat(new CliTool(service, directory).run("doctor").out())
        .containsPattern("host +warning +Registry mirror " + mirror + " does not answer");
    String sandbox = sandboxes(api).getFirst();
    JsonNode pull =
        api.post(
                "/v1/sandboxes/" + sandbox + "/docker/pull",
                Map.of("image", "caisson-has-no-such-image", "timeout", "PT60S"))
            .expecting(200);
    assertThat(pull.at("/exit/code").asInt()).as(pull.toString()).isNotZero();
    assertThat(pull.get("advice").asString()).contains(mirror, "kit/registry.sh cache");

    script(one, "./kit/registry.sh", "cache", Machine.registryMirror());
    assertThat(mirrorOf(api).get("answers").asBoolean()).isTrue();
    pulls(api, sandbox, "busybox");
  }

  private static JsonNode mirrorOf(Api api) {
    return api.get("/v1/host").expecting(200).get("registryMirrors").get(0);
  }

  private static void pulls(Api api, String sandbox, String image) {
    JsonNode pull =
        api.post("/v1/sandboxes/" + sandbox + "/docker/pull", Map.of("image", image))
            .expecting(200);
    assertThat(pull.at("/exit/code").asInt()).as(pull.toString()).isZero();
    assertThat(pull.get("advice").isNull()).isTrue();
  }

  private static void isWell(Api api, String sandbox) {
    JsonNode now = api.get("/v1/sandboxes/" + sandbox).expecting(200);
    assertThat(now.get("state").asString()).as(now.toString()).isEqualTo("READY");
    api.shellIn(sandbox, "true");
  }

  private static List<String> sandboxes(Api api) {
    JsonNode items = api.get("/v1/sandboxes?state=READY").expecting(200).get("items");
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.get("id").asString())
        .toList();
  }

  private ServiceProcess service(Path home, String kit) {
    Map<String, String> environment = new HashMap<>(shared);
    environment.put("CAISSON_ENGINE_KITIMAGE", kit);
    environment.put("CAISSON_SANDBOX_DOCKER_REGISTRYMIRRORS", mirror);
    return ServiceProcess.start(home, environment);
  }

  /** A version of the kit that differs by what it says of itself. */
  private void kit(String name) throws IOException {
    String base =
        Objects.requireNonNullElse(System.getenv("CAISSON_ENGINE_KITIMAGE"), "caisson/kit");
    Path empty = Files.createTempDirectory(directory, "kit");
    Files.writeString(
        empty.resolve("Dockerfile"), "FROM " + base + "\nLABEL dev.caisson.kit.version=" + name);
    Machine.run("docker", "build", "-q", "-t", name, empty.toString());
  }

  private static String volume(String kit) {
    String id = Machine.run("docker", "image", "inspect", "-f", "{{.Id}}", kit);
    return "caisson-kit-" + id.substring("sha256:".length()).substring(0, 12) + "-ro";
  }

  /** The volume that a sandbox has for its kit. */
  private static String kitOf(String sandbox) {
    return Machine.run(
        "docker",
        "inspect",
        "-f",
        "{{range .Mounts}}{{if eq .Destination \"/opt/caisson\"}}{{.Name}}{{end}}{{end}}",
        Machine.container(sandbox));
  }

  private String script(Path home, String... command) {
    try {
      ProcessBuilder script = new ProcessBuilder(command).redirectErrorStream(true);
      script.environment().putAll(shared);
      script.environment().put("CAISSON_HOME", home.toString());
      Process running = script.start();
      String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(running.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(running.exitValue()).as(said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
