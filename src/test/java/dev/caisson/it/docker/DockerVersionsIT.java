package dev.caisson.it.docker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.RawHttp;
import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Versions of the Docker API: what the daemon of a sandbox says of them and does with them is what
 * a client outside is told, whether that is older or newer than the daemon.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerVersionsIT {
  /** What the daemon says of itself by which clients choose a version, and how they build. */
  private static final List<String> SAID =
      List.of(
          "api-version",
          "builder-version",
          "content-type",
          "docker-experimental",
          "ostype",
          "server",
          "swarm");

  private Api api;
  private ServiceProcess service;
  private Path directory;
  private String sandbox;
  private String engine;
  private String dockerHost;
  private int oldest;
  private int newest;

  @BeforeAll
  void create(@TempDir Path own, Api shared, ServiceProcess process) {
    directory = own;
    api = shared;
    service = process;
    sandbox = api.dockerSandbox(Machine.STATIC);
    engine = "/v1/sandboxes/" + sandbox + "/docker/engine";
    dockerHost =
        api.get("/v1/sandboxes/" + sandbox + "/docker/connect")
            .expecting(200)
            .get("dockerHost")
            .asString();
    JsonNode version = api.get(engine + "/version").expecting(200);
    oldest = minor(version.get("MinAPIVersion").asString());
    newest = minor(version.get("ApiVersion").asString());
    assertThat(newest).isGreaterThan(oldest);
    cli().docker("pull", "busybox");
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
  }

  @Test
  void everyVersionThatTheDaemonSpeaksIsAnsweredInIt() {
    for (int minor = oldest; minor <= newest; minor++) {
      String versioned = engine + "/v1." + minor;
      Api.Reply version = api.get(versioned + "/version");
      assertThat(version.expecting(200).get("ApiVersion").asString()).isEqualTo("1." + newest);
      assertThat(version.response().headers().firstValue("Api-Version")).contains("1." + newest);
      for (String path :
          List.of("/info", "/containers/json?all=1", "/images/json", "/networks", "/volumes")) {
        assertThat(api.get(versioned + path).status()).as("1.%s%s", minor, path).isEqualTo(200);
      }
      assertThat(api.get(versioned + "/_ping").text()).isEqualTo("OK");
    }
  }

  @Test
  void aVersionThatTheDaemonDoesNotSpeakIsRefusedInItsOwnWords() {
    Api.Reply older = api.get(engine + "/v1." + (oldest - 1) + "/containers/json");
    assertThat(older.status()).isEqualTo(400);
    assertThat(older.text()).contains("too old", "1." + oldest);
    Api.Reply newer = api.get(engine + "/v1." + (newest + 1) + "/containers/json");
    assertThat(newer.status()).isEqualTo(400);
    assertThat(newer.text()).contains("too new", "1." + newest);
    // It is how a client learns of a version that both speak.
    assertThat(newer.response().headers().firstValue("Api-Version")).contains("1." + newest);
  }

  @Test
  void aPingSaysOutsideWhatTheDaemonSaysInside() throws IOException {
    for (String path : List.of("/_ping", "/v1." + oldest + "/_ping", "/v1." + newest + "/_ping")) {
      for (String method : List.of("GET", "HEAD")) {
        assertThat(said(outside(method, path)))
            .as("%s %s", method, path)
            .isEqualTo(said(inside(method, path)))
            .containsEntry("api-version", "1." + newest)
            .containsKeys("ostype", "builder-version", "docker-experimental");
      }
    }
  }

  /** As Docker's own clients do: a ping without a version first, then the lower of both. */
  @Test
  void aClientThatKnowsANewerVersionComesDownToTheDaemons() throws IOException {
    int own = newest + 5;
    Map<String, String> ping = said(outside("HEAD", "/_ping"));
    int agreed = Math.min(own, minor(requireNonNull(ping.get("api-version"))));
    assertThat(api.get(engine + "/v1." + agreed + "/containers/json").status()).isEqualTo(200);

    Machine.Outcome stubborn =
        cli().with("DOCKER_API_VERSION", "1." + own).attempt(List.of("docker", "ps"));
    assertThat(stubborn.code()).isNotZero();
    assertThat(stubborn.output()).contains("too new", "1." + newest);
  }

  @Test
  void theCliWorksInTheOldestVersionAndInTheOneItAgreesOn() {
    for (String program : programs()) {
      for (String version : List.of("", "1." + oldest)) {
        DockerClient cli = cli();
        if (!version.isEmpty()) {
          cli.with("DOCKER_API_VERSION", version);
        }
        String used = cli.run(List.of(program, "version", "-f", "{{.Client.APIVersion}}"));
        if (!version.isEmpty()) {
          assertThat(used).isEqualTo(version);
        }
        assertThat(minor(used)).isBetween(oldest, newest);
        // Without --rm: in these versions the CLI itself removes, and complains of its own hurry.
        assertThat(cli.run(List.of(program, "run", "busybox", "echo", "in", used)))
            .isEqualTo("in " + used);
        assertThat(cli.run(List.of(program, "images", "-q"))).isNotBlank();
        cli.run(List.of(program, "volume", "create", "kept"));
        cli.run(List.of(program, "volume", "rm", "kept"));
        assertThat(cli.run(List.of(program, "ps", "-a"))).contains("CONTAINER ID");
      }
    }
  }

  /** The CLI that is found first, and the one of the engine's packages where that is another. */
  private static List<String> programs() {
    return List.of("docker", "/usr/bin/docker");
  }

  private DockerClient cli() {
    return new DockerClient(directory, dockerHost);
  }

  private static int minor(String version) {
    assertThat(version).startsWith("1.");
    return Integer.parseInt(version.substring(2));
  }

  private String outside(String method, String path) throws IOException {
    try (RawHttp http = new RawHttp(service.port())) {
      return http.ask(method, engine + path, "Authorization: Bearer " + service.key()).head();
    }
  }

  /** By the daemon's own socket, which the host reaches through a process of the sandbox. */
  private String inside(String method, String path) throws IOException {
    String pid =
        Machine.run("docker", "inspect", "-f", "{{.State.Pid}}", Machine.container(sandbox));
    String request = method + " " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    try (SocketChannel socket =
        SocketChannel.open(
            UnixDomainSocketAddress.of("/proc/" + pid.strip() + "/root/run/docker.sock"))) {
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
      byte[] answer = Channels.newInputStream(socket).readAllBytes();
      return new String(answer, StandardCharsets.ISO_8859_1);
    }
  }

  private static Map<String, String> said(String head) {
    Map<String, String> said = new TreeMap<>();
    for (String line : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
      int colon = Math.max(0, line.indexOf(':'));
      if (SAID.contains(line.substring(0, colon))) {
        said.put(line.substring(0, colon), line.substring(colon + 1).replace(" ", ""));
      }
    }
    return said;
  }
}
