package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.console.Browser;
import dev.caisson.it.console.ConsolePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kits with several versions of Docker, as kit/build.sh makes them: sandboxes of each run beside
 * each other under one service.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DockerKitsIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  /** Beside what the other tests are told of, who have the one kit. */
  private static final Path MADE = Path.of("target", "docker-kits");

  private static final String SUITE = "trixie";
  private static final String MORE = "CAISSON_ENGINE_KITDOCKERIMAGES";

  private final Map<String, String> settings = new LinkedHashMap<>();
  private Path directory;
  private ServiceProcess service;
  private Api api;
  private String image;
  private String usual;
  private String other;
  private final List<Running> all = new ArrayList<>();

  /** A sandbox whose daemon is of a version, with a container in it that runs on. */
  private record Running(String id, String version, long daemon, String container) {
    String path() {
      return "/v1/sandboxes/" + id;
    }

    String engine() {
      return path() + "/docker/engine";
    }
  }

  @BeforeAll
  void start(@TempDir Path own) throws IOException {
    directory = own;
    Files.createDirectories(MADE);
    System.out.println(
        Machine.run(
            "env",
            "CAISSON_KIT_DOCKERSUITE=forky " + SUITE,
            "CAISSON_KIT_TARGET=" + MADE.toAbsolutePath(),
            "./kit/build.sh"));
    for (String line : Files.readAllLines(MADE.resolve("kit.images"))) {
      String[] setting = line.split("=", 2);
      settings.put(setting[0], setting[1]);
    }
    image = settings.getOrDefault(MORE, "");
    assertThat(image).contains("-" + SUITE + ":").doesNotContain(",");
    settings.put("CAISSON_HOST_ISOLATIONS", "userns,rootless");
    service = ServiceProcess.start(Files.createDirectories(own.resolve("home")), settings);
    api = service.api();
    JsonNode kits = api.get("/v1/host").expecting(200).at("/engine/kit/dockerKits");
    usual = kits.get(0).get("version").asString();
    other = kits.get(1).get("version").asString();
    for (Map<String, ?> docker :
        List.of(
            Map.of("enabled", true),
            Map.of("enabled", true, "version", other),
            Map.of("version", major(other)))) {
      all.add(running(docker, all.size() == 2 ? "rootless" : "userns"));
    }
  }

  @AfterAll
  void end() {
    service.close();
  }

  private Running running(Map<String, ?> docker, String isolation) {
    String id =
        api.sandbox(Map.of("image", Machine.STATIC, "isolation", isolation, "docker", docker));
    JsonNode daemon =
        api.get("/v1/sandboxes/" + id + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("state").asString()).as(daemon.toString()).isEqualTo("READY");
    String container = docker(id, "run", "-d", "--name", "runs-on", "busybox", "sleep", "100000");
    return new Running(id, daemon.get("version").asString(), daemon.get("pid").asLong(), container);
  }

  /** By the CLI of its own kit. */
  private String docker(String sandbox, String... arguments) {
    List<String> command = DockerClient.docker(List.of(arguments));
    JsonNode done = api.exec(sandbox, command.toArray(String[]::new));
    assertThat(done.at("/exit/code").asInt()).as(done.toString()).isZero();
    return Api.text(done, "stdout").strip();
  }

  private static String major(String version) {
    return version.substring(0, version.indexOf('.'));
  }

  @Test
  @Order(1)
  void theHostSaysWhichThereAreTheDefaultFirst() {
    JsonNode kit = api.get("/v1/host").expecting(200).at("/engine/kit");

    assertThat(kit.get("dockerKits")).hasSize(2);
    assertThat(kit.at("/dockerKits/0/isDefault").asBoolean()).isTrue();
    assertThat(kit.at("/dockerKits/1/isDefault").asBoolean()).isFalse();
    assertThat(kit.at("/dockerKits/1/image").asString()).isEqualTo(image);
    assertThat(usual).isNotEqualTo(other);
    assertThat(major(usual)).isNotEqualTo(major(other));
  }

  @Test
  @Order(2)
  void eachHasTheDockerThatItAskedFor() {
    List<String> versions = List.of(usual, other, other);
    for (int i = 0; i < all.size(); i++) {
      Running each = all.get(i);
      // What Debian adds to a version is no part of it.
      String said = api.get(each.engine() + "/version").expecting(200).get("Version").asString();
      assertThat(said.replaceFirst("\\+.*", "")).isEqualTo(versions.get(i));
      assertThat(each.version()).isEqualTo(said);
      assertThat(api.get(each.path()).expecting(200).at("/docker/version").asString())
          .isEqualTo(said);
      assertThat(docker(each.id(), "version", "-f", "{{.Client.Version}}")).isEqualTo(said);
      assertThat(docker(each.id(), "run", "--rm", "busybox", "echo", "ran")).isEqualTo("ran");
    }
    assertThat(api.isolation(all.get(2).id())).isEqualTo("rootless");
  }

  @Test
  @Order(3)
  void theNewestClientsBuildWithBoth() throws IOException {
    KitClient client = new KitClient(directory, all.getFirst().id());
    Path project = client.directory("project");
    Files.writeString(project.resolve("content"), "built\n");
    Files.writeString(
        project.resolve("Dockerfile"),
        "FROM busybox\nCOPY content /content\nRUN --mount=type=cache,target=/kept cat /content\n");
    for (Running each : all) {
      String own =
          api.post(each.path() + "/docker/forward", Map.of("engine", true))
              .expecting(200)
              .get("engine")
              .asString();
      client.run(own, project, "docker buildx build -t made .");
      assertThat(docker(each.id(), "run", "--rm", "made", "cat", "/content")).isEqualTo("built");
    }
  }

  @Test
  @Order(4)
  void clientsAndDaemonsAgreeOnAVersionOfTheApiBothWays() {
    for (Running each : all) {
      JsonNode said = api.get(each.engine() + "/version").expecting(200);
      int oldest = minor(said.get("MinAPIVersion").asString());
      int newest = minor(said.get("ApiVersion").asString());
      for (int minor = oldest; minor <= newest; minor++) {
        String path = each.engine() + "/v1." + minor + "/containers/runs-on/json";
        assertThat(api.get(path).status()).as(path).isEqualTo(200);
      }
      assertThat(api.get(each.engine() + "/v1." + (newest + 1) + "/images/json").status())
          .isEqualTo(400);
      String dockerHost =
          api.get(each.path() + "/docker/connect").expecting(200).get("dockerHost").asString();
      // The CLI that is found first, and an older one: the engine's own.
      for (String program : List.of("docker", "/usr/bin/docker")) {
        DockerClient cli = new DockerClient(directory, dockerHost);
        String agreed = cli.run(List.of(program, "version", "-f", "{{.Client.APIVersion}}"));
        assertThat(minor(agreed)).isBetween(oldest, newest);
        assertThat(cli.run(List.of(program, "run", "busybox", "echo", "in", agreed)))
            .isEqualTo("in " + agreed);
        cli.with("DOCKER_API_VERSION", "1." + oldest);
        assertThat(cli.run(List.of(program, "ps", "--format", "{{.Names}}"))).isEqualTo("runs-on");
      }
    }
  }

  private static int minor(String version) {
    assertThat(version).startsWith("1.");
    return Integer.parseInt(version.substring(2));
  }

  @Test
  @Order(5)
  void oneThatNoKitHasIsRefusedWithThoseThatThereAre() {
    JsonNode problem =
        api.post("/v1/sandboxes", Map.of("docker", Map.of("version", "1.2"))).expecting(422);
    assertThat(problem.get("code").asString()).isEqualTo("DOCKER_VERSION_UNAVAILABLE");
    assertThat(problem.get("remedy").asString()).contains(usual + ", " + other);
    assertThat(
            api.post("/v1/sandboxes", Map.of("docker", Map.of("version", "latest")))
                .expecting(400)
                .at("/errors/0/field")
                .asString())
        .isEqualTo("docker.version");
  }

  @Test
  @Order(6)
  void theConsoleOffersThem() throws IOException {
    try (ConsolePage page =
        new ConsolePage(Browser.start(), "http://127.0.0.1:" + service.port(), service.key())) {
      page.visit();
      page.show("sandboxes");
      page.press("New sandbox");
      page.see("dialog select[name=dockerVersion]", "default (" + usual + ")");
      page.fill("select[name=dockerVersion]", other);
      page.press("Create");
      page.see(".head .state", "ready");
      String id = String.valueOf(page.browser().run("return location.hash.split('/')[2]"));
      JsonNode daemon =
          api.get("/v1/sandboxes/" + id + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
      assertThat(daemon.get("version").asString()).startsWith(other);
      page.show("host");
      page.see(".facts", "with Docker " + usual + ", " + other);
      delete(id);
      assertThat(page.wrongs()).isEmpty();
    }
  }

  @Test
  @Order(7)
  void aPoolOfAVersionIsForWhoAsksForThat() throws IOException {
    put(
        "pooled",
        Map.of(
            "sandbox",
            Map.of(
                "image",
                Machine.STATIC,
                "docker",
                Map.of("enabled", true, "version", major(other))),
            "pool",
            Map.of("min", 1, "max", 1)));
    awaitPool();
    JsonNode byTemplate = create(Map.of("template", "pooled", "docker", Map.of("enabled", true)));
    assertThat(byTemplate.at("/startup/pooled").asBoolean()).as(byTemplate.toString()).isTrue();
    assertThat(byTemplate.at("/docker/version").asString()).startsWith(other);
    awaitPool();
    JsonNode byName = create(Map.of("image", Machine.STATIC, "docker", Map.of("version", other)));
    assertThat(byName.at("/startup/pooled").asBoolean()).as(byName.toString()).isTrue();
    awaitPool();
    for (Map<String, ?> docker :
        List.of(Map.of("enabled", true), Map.of("version", major(usual)))) {
      JsonNode apart = create(Map.of("image", Machine.STATIC, "docker", docker));
      assertThat(apart.at("/startup/miss").asString()).isEqualTo("DOCKER_VERSION");
      delete(apart.get("id").asString());
    }
    assertThat(api.delete("/v1/templates/pooled").status()).isEqualTo(204);
    delete(byTemplate.get("id").asString());
    delete(byName.get("id").asString());
  }

  private JsonNode create(Map<String, ?> wanted) {
    return api.post("/v1/sandboxes", wanted).expecting(201);
  }

  private void delete(String sandbox) {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  private void put(String name, Map<String, ?> template) {
    assertThat(
            api.put("/v1/templates/" + name, Api.JSON.writeValueAsString(template), JSON).status())
        .isEqualTo(202);
  }

  private void awaitPool() {
    Eventually.holds(
        () -> api.get("/v1/templates/pooled").expecting(200),
        now -> now.at("/pool/ready").asInt() == 1);
  }

  @Test
  @Order(8)
  void theImagesOfATemplateAreOfItsVersion() {
    put(
        "images",
        Map.of(
            "sandbox",
            Map.of("image", Machine.STATIC, "docker", Map.of("version", other)),
            "images",
            List.of("busybox")));
    JsonNode built = api.get("/v1/templates/images?waitFor=READY&timeout=PT5M").expecting(200);
    assertThat(built.get("state").asString()).as(built.toString()).isEqualTo("READY");
    String id = api.sandbox(Map.of("template", "images"));
    JsonNode daemon =
        api.get("/v1/sandboxes/" + id + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("version").asString()).startsWith(other);
    assertThat(docker(id, "run", "--rm", "--pull=never", "busybox", "echo", "there"))
        .isEqualTo("there");
    delete(id);
    assertThat(
            api.post(
                    "/v1/sandboxes",
                    Map.of("template", "images", "docker", Map.of("version", usual)))
                .expecting(422)
                .get("code")
                .asString())
        .isEqualTo("DOCKER_VERSION_OF_TEMPLATE");
    assertThat(api.delete("/v1/templates/images").status()).isEqualTo(204);
  }

  @Test
  @Order(9)
  void aServiceThatStartsAgainAdoptsAllOfThem() throws Exception {
    service.kill();
    service.start();
    api = service.api();
    for (Running each : all) {
      goesOn(each);
      assertThat(docker(each.id(), "run", "--rm", "busybox", "echo", "more")).isEqualTo("more");
    }
    // The record knows of it: what is made of it once more is of the same version.
    Machine.kill9(Machine.hostPids(all.get(1).id(), "dockerd").getFirst());
    JsonNode back =
        Eventually.holds(
            () -> api.get(all.get(1).path() + "/docker").expecting(200),
            now -> now.get("restarts").asInt() == 1 && now.get("state").asString().equals("READY"));
    assertThat(back.get("version").asString()).startsWith(other);
  }

  private void goesOn(Running each) {
    JsonNode daemon = api.get(each.path() + "/docker?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(daemon.get("pid").asLong()).isEqualTo(each.daemon());
    assertThat(daemon.get("version").asString()).isEqualTo(each.version());
    assertThat(docker(each.id(), "ps", "--no-trunc", "--format", "{{.ID}}"))
        .contains(each.container());
  }

  /** Its sandboxes do not end for that, and nothing of it is left when they have. */
  @Test
  @Order(10)
  void aKitThatIsConfiguredAwayGoesAfterItsLastSandbox() throws Exception {
    String volumes = "label=dev.caisson.kit.image=" + image.substring(0, image.lastIndexOf(':'));
    assertThat(volumes(volumes)).isNotEmpty();

    service.kill();
    service.start(Map.of(MORE, ""));
    api = service.api();
    assertThat(api.get("/v1/host").expecting(200).at("/engine/kit/dockerKits")).hasSize(1);
    api.post("/v1/sandboxes", Map.of("docker", Map.of("version", other))).expecting(422);
    assertThat(docker(all.get(1).id(), "run", "--rm", "busybox", "echo", "yet")).isEqualTo("yet");
    assertThat(keepers()).hasSize(3);

    all.forEach(each -> delete(each.id()));
    api.get("/v1/host?refresh=true").expecting(200);
    assertThat(keepers()).hasSize(2);
    assertThat(volumes(volumes)).isEmpty();
  }

  private List<String> keepers() {
    return Machine.words(
        Machine.run(
            "docker", "ps", "-aq", "--filter", "label=dev.caisson.kit.user=" + service.instance()));
  }

  private static List<String> volumes(String label) {
    return Machine.words(Machine.run("docker", "volume", "ls", "-q", "--filter", label));
  }
}
