package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceCertificate;
import dev.caisson.it.ServiceProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Current Docker clients at a service with a domain: the host name of a token is all that they are
 * told, and everything works by it. The name is resolved as an operator's wildcard record would.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerNamesIT {
  private static final String DOMAIN = ".boxes.test";

  private Path directory;
  private HttpClient trusting;
  private ServiceProcess service;
  private Api api;
  private String sandbox;
  private String base;
  private String dockerHost;

  @BeforeAll
  void start(@TempDir Path home, @TempDir Path own) throws Exception {
    directory = own;
    ServiceCertificate certificate =
        ServiceCertificate.make(openDirectory("trusted"), "dns:*.boxes.test");
    trusting = certificate.trusting();
    Map<String, String> environment = new HashMap<>(certificate.environment());
    environment.put("CAISSON_PORTS_DOMAIN", "boxes.test");
    service = ServiceProcess.startSecure(home, environment, trusting);
    api = service.api();
    sandbox = api.dockerSandbox(Machine.STATIC);
    base = "/v1/sandboxes/" + sandbox;
    dockerHost = api.get(base + "/docker/connect").expecting(200).get("dockerHost").asString();
    assertThat(dockerHost).matches("tcp://[a-z0-9]{62}\\.boxes\\.test:" + service.port());
    api.exec(sandbox, "docker", "pull", "busybox");
  }

  @AfterAll
  void end() {
    try {
      assertThat(service.logText()).as("a token is never logged").doesNotContain(label(dockerHost));
    } finally {
      service.close();
      trusting.close();
    }
  }

  private static String label(String dockerHost) {
    String host = URI.create(dockerHost).getHost();
    return host.substring(0, host.length() - DOMAIN.length());
  }

  @Test
  void everyBuildOfCurrentClientsWorksByTheHostNameAlone() throws IOException {
    Path project = openDirectory("project");
    Files.writeString(project.resolve("content"), "by name\n");
    Files.writeString(
        project.resolve("Dockerfile"), "FROM busybox\nCOPY content /content\nRUN true\n");
    Files.writeString(
        project.resolve("compose.yaml"),
        "services: {built: {build: ., image: by-compose, command: cat /content}}\n");
    Files.writeString(
        project.resolve("docker-bake.hcl"),
        "target \"default\" {\n context = \".\"\n tags = [\"by-bake\"]\n}\n");
    kit(dockerHost, project, "docker build -t by-build .");
    kit(dockerHost, project, "docker buildx build -t by-buildx .");
    kit(dockerHost, project, "docker buildx bake -f docker-bake.hcl");
    assertThat(kit(dockerHost, project, "COMPOSE_BAKE=false docker compose up --build"))
        .contains("by name");
    kit(dockerHost, project, "docker compose down");
    for (String image : List.of("by-build", "by-buildx", "by-bake", "by-compose")) {
      assertThat(kit(dockerHost, project, "docker run --rm " + image + " cat /content"))
          .isEqualTo("by name");
    }
    assertThat(kit(dockerHost, project, "docker ps -aq --filter name=buildx")).isEmpty();
  }

  @Test
  void connectionsThatAreTakenOverCarryBothWays() throws IOException {
    Path none = openDirectory("none");
    kit(dockerHost, none, "docker run -d --name there busybox sleep 1000");
    assertThat(kit(dockerHost, none, "echo piped | docker exec -i there cat")).isEqualTo("piped");
    assertThat(kit(dockerHost, none, "echo in | docker run --rm -i busybox cat")).isEqualTo("in");
    assertThat(kit(dockerHost, none, "docker exec -it there sh -c 'test -t 0 && echo a terminal'"))
        .contains("a terminal");
    kit(dockerHost, none, "docker rm -f there");
  }

  @Test
  void aBuilderOfOnesOwnMayBePulledWhereNobodyIsForcedToHaveOne() throws IOException {
    String pull = "docker pull moby/buildkit:none-such 2>&1 || echo failed";
    assertThat(kit(dockerHost, openDirectory("none"), pull))
        .contains("failed")
        .doesNotContain("caisson forward");
    String path = base + "/docker/engine/images/create?fromImage=moby/buildkit&tag=none-such";
    assertThat(api.post(path, Map.of()).status()).isEqualTo(501);
  }

  /** Without TLS nothing says whose daemon is meant where BuildKit's client takes over. */
  @Test
  void withoutTlsABuildSaysWhatToDoAndBringsUpNoBuilder(@TempDir Path home) throws IOException {
    try (ServiceProcess plain =
        ServiceProcess.start(home, Map.of("CAISSON_PORTS_DOMAIN", "boxes.test"))) {
      Api own = plain.api();
      String box = own.dockerSandbox(Machine.STATIC);
      JsonNode connect = own.get("/v1/sandboxes/" + box + "/docker/connect").expecting(200);
      assertThat(connect.toString()).contains("caisson forward " + box + " 2375:engine");
      String host = connect.get("dockerHost").asString();
      assertThat(host).endsWith(DOMAIN + ":" + plain.port());
      Path project = openDirectory("plain");
      Files.writeString(project.resolve("Dockerfile"), "FROM busybox\n");
      assertThat(kit(host, project, "docker pull -q busybox")).contains("busybox");
      assertThat(kit(host, project, "docker build . 2>&1 || echo failed"))
          .contains("caisson forward " + box + " 2375:engine", "failed");
      assertThat(kit(host, project, "docker ps -aq")).isEmpty();
      assertThat(plain.logText()).doesNotContain(label(host));
    }
  }

  @Test
  void aRevokedNameAndOneWhoseTimeIsOverAreCutAndTellNothing() throws Exception {
    JsonNode revoked = grant("PT10M");
    Process events = events(revoked);
    assertThat(api.delete(base + "/grants/" + revoked.get("id").asString()).status())
        .isEqualTo(204);
    assertThat(events.waitFor(20, TimeUnit.SECONDS)).as("it was cut").isTrue();
    JsonNode brief = grant("PT4S");
    assertThat(events(brief).waitFor(30, TimeUnit.SECONDS)).as("it is over").isTrue();
    Path none = openDirectory("none");
    for (String host :
        List.of(
            host(revoked),
            host(brief),
            "tcp://k7m2p9w3xh" + "0".repeat(52) + DOMAIN + ":" + service.port())) {
      assertThat(kit(host, none, "docker ps 2>&1 || echo failed"))
          .contains("This token is not known, is over, was revoked, or is not for this", "failed")
          .doesNotContain(label(host));
    }
  }

  /** What a user sees whose client has dropped the path: the sentence, and no builder. */
  @Test
  void atTheRootOfTheServiceTheClientsSayWhatToDo() throws IOException {
    Path project = openDirectory("lost");
    Files.writeString(project.resolve("Dockerfile"), "FROM busybox\n");
    String root = "tcp://127.0.0.1:" + service.port();
    for (String line : List.of("docker ps", "docker build .", "docker buildx build .")) {
      assertThat(kit(root, project, line + " 2>&1 || echo failed"))
          .as(line)
          .contains("caisson forward SANDBOX 2375:engine", "failed");
    }
  }

  private JsonNode grant(String ttl) {
    return api.post(base + "/grants", Map.of("scope", "DOCKER", "ttl", ttl)).expecting(201);
  }

  private static String host(JsonNode grant) {
    return grant.get("urls").get("dockerHost").asString();
  }

  /** A client that follows the daemon's events, and has heard one. */
  private Process events(JsonNode grant) throws IOException {
    Process events =
        new ProcessBuilder(
                command(
                    host(grant),
                    openDirectory("none"),
                    "docker events --since 2000-01-01T00:00:00 --filter type=image"))
            .redirectErrorStream(true)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).contains("image pull");
    return events;
  }

  /** A line for a shell with the kit's own CLI, compose and buildx, on this host's network. */
  private String kit(String dockerHost, Path project, String line) throws IOException {
    return Machine.run(command(dockerHost, project, line).toArray(String[]::new));
  }

  private List<String> command(String dockerHost, Path project, String line) throws IOException {
    Path config = openDirectory("config");
    Files.writeString(
        config.resolve("config.json"),
        "{\"cliPluginsExtraDirs\":[\"/opt/caisson/docker/cli-plugins\"]}");
    List<String> command =
        new ArrayList<>(List.of("docker", "run", "--rm", "--userns=host", "--network=host"));
    if (line.contains(" -it ")) {
      command.add("-t");
    }
    command.addAll(
        List.of(
            "--add-host=" + URI.create(dockerHost).getHost() + ":127.0.0.1",
            "--tmpfs=/tmp",
            "--volumes-from=" + Machine.container(sandbox) + ":ro",
            "-v",
            project + ":/project",
            "-v",
            config + ":/config",
            "-w",
            "/project",
            "-e",
            "DOCKER_HOST=" + dockerHost,
            "-e",
            "DOCKER_CONFIG=/config",
            "-e",
            URI.create(dockerHost).getPort() == service.port()
                ? "DOCKER_TLS_VERIFY=1"
                : "WITHOUT_TLS=1",
            "-e",
            "DOCKER_CERT_PATH=/trusted",
            "-v",
            directory.resolve("trusted") + ":/trusted:ro",
            "-e",
            "PATH=/bin:/opt/caisson/docker/bin",
            "--entrypoint=/bin/busybox",
            Machine.STATIC,
            "sh",
            "-c",
            line));
    return command;
  }

  private Path openDirectory(String name) throws IOException {
    Path made = Files.createDirectories(directory.resolve(name));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    return made;
  }
}
