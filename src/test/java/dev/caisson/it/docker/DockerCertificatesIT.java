package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.caisson.ClientFiles;
import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.client.CliTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
 * Docker clients as they come, told what all of them know: an address, and a directory with three
 * files. Nothing but the certificate says which sandbox is meant.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerCertificatesIT {
  private final int port = ServiceProcess.freePort();
  private Path directory;
  private Path home;
  private ServiceProcess service;
  private Api api;
  private DockerSandbox sandbox;
  private String base;
  private String dockerHost;
  private String engine;
  private ClientFiles files;

  @BeforeAll
  void start(@TempDir Path state, @TempDir Path own) throws Exception {
    home = state;
    directory = own;
    service = ServiceProcess.start(home, Map.of("CAISSON_DOCKER_TLSPORT", Integer.toString(port)));
    api = service.api();
    sandbox = new DockerSandbox(api, Machine.STATIC);
    base = sandbox.path();
    JsonNode made = certificate("PT1H");
    dockerHost = made.get("dockerHost").asString();
    assertThat(dockerHost).isEqualTo("tcp://127.0.0.1:" + port);
    files = ClientFiles.of(made);
    files.write(openDirectory("certificate"));
    engine = sandbox.engine();
    api.exec(sandbox.id(), "docker", "pull", "busybox");
  }

  @AfterAll
  void end() {
    try {
      assertThat(service.logText()).as("a key is never logged").doesNotContain("PRIVATE KEY");
    } finally {
      service.close();
    }
  }

  private JsonNode certificate(String ttl) {
    return api.post(base + "/docker/certificates", Map.of("ttl", ttl)).expecting(201);
  }

  @Test
  void everyBuildOfCurrentClientsWorksByTheCertificateAlone() throws IOException {
    Path project = openDirectory("project");
    Files.writeString(project.resolve("content"), "by certificate\n");
    Files.writeString(
        project.resolve("Dockerfile"), "FROM busybox\nCOPY content /content\nRUN true\n");
    Files.writeString(
        project.resolve("compose.yaml"),
        "services: {built: {build: ., image: by-compose, command: cat /content}}\n");
    Files.writeString(
        project.resolve("docker-bake.hcl"),
        "target \"default\" {\n context = \".\"\n tags = [\"by-bake\"]\n}\n");
    kit(project, "docker build -t by-build .");
    kit(project, "DOCKER_BUILDKIT=0 docker build -t by-classic .");
    kit(project, "docker buildx build -t by-buildx .");
    kit(project, "docker buildx bake -f docker-bake.hcl");
    // By bake, which is compose's way: it hands the client's files on to it.
    assertThat(kit(project, "docker compose up --build")).contains("by certificate");
    kit(project, "docker compose down");
    for (String image : List.of("by-build", "by-classic", "by-buildx", "by-bake", "by-compose")) {
      assertThat(kit(project, "docker run --rm " + image + " cat /content"))
          .isEqualTo("by certificate");
    }
    assertThat(kit(project, "docker ps -aq --filter name=buildx")).isEmpty();
    assertThat(api.exec(sandbox.id(), "docker", "image", "ls").toString()).contains("by-compose");
  }

  @Test
  void connectionsThatAreTakenOverCarryBothWays() throws IOException {
    Path none = openDirectory("none");
    kit(none, "docker run -d --name there busybox sleep 1000");
    assertThat(kit(none, "echo piped | docker exec -i there cat")).isEqualTo("piped");
    assertThat(kit(none, "echo in | docker run --rm -i busybox cat")).isEqualTo("in");
    assertThat(kit(none, "docker exec -it there sh -c 'test -t 0 && echo a terminal'"))
        .contains("a terminal");
    kit(none, "docker run -d --name talking busybox sh -c 'while sleep 0.2; do echo said; done'");
    assertThat(kit(none, "docker attach --no-stdin talking 2>/tmp/cut | head -n 1"))
        .isEqualTo("said");
    kit(none, "docker rm -f there talking");
  }

  @Test
  void dockerJavaWorksByEachOfItsTransports() throws IOException {
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(dockerHost)
            .withDockerTlsVerify(true)
            .withDockerCertPath(directory.resolve("certificate").toString())
            .build();
    for (DockerHttpClient http :
        List.of(
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .build(),
            new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .build())) {
      try (var docker = DockerClientImpl.getInstance(config, http)) {
        assertThat(docker.infoCmd().exec().getId()).isEqualTo(engine);
        String made =
            docker.createContainerCmd("busybox").withCmd("sh", "-c", "exit 7").exec().getId();
        docker.startContainerCmd(made).exec();
        assertThat(docker.waitContainerCmd(made).start().awaitStatusCode()).isEqualTo(7);
        docker.removeContainerCmd(made).exec();
      }
    }
  }

  @Test
  void dockerPyAndDockerodeWorkByTheirEnvironment() throws IOException {
    assertThat(client("certificate").run(List.of("python3", "src/test/python/docker_py.py")))
        .contains(
            "engine=" + engine, "exec=5 out err", "counted=100000", "built=built", "event=True");
    assertThat(
            client("certificate")
                .with("NODE_PATH", DockerClientsIT.dockerode().toString())
                .run(
                    List.of(
                        "node",
                        "-e",
                        "new (require('dockerode'))().info().then(i => console.log(i.ID))")))
        .isEqualTo(engine);
  }

  @Test
  void aRevokedCertificateIsCutAndRefusedWithASentence() throws Exception {
    JsonNode revoked = certificate("PT10M");
    ClientFiles.of(revoked).write(openDirectory("revoked"));
    DockerClient cli = client("revoked");
    Process events = events(cli);
    String grant = base + "/grants/" + revoked.get("grant").asString();
    assertThat(api.delete(grant).status()).isEqualTo(204);
    assertThat(events.waitFor(20, TimeUnit.SECONDS)).as("it was cut").isTrue();
    assertThat(cli.attempt(List.of("docker", "ps")).output())
        .contains("The grant of this client certificate is over or was revoked");
    JsonNode brief = certificate("PT4S");
    ClientFiles.of(brief).write(openDirectory("brief"));
    DockerClient hasty = client("brief");
    assertThat(events(hasty).waitFor(30, TimeUnit.SECONDS)).as("it is over").isTrue();
    assertThat(hasty.attempt(List.of("docker", "ps")).code()).isNotZero();
    ClientFiles.of(certificate("PT1M")).write(openDirectory("nothing"));
    Files.delete(directory.resolve("nothing/cert.pem"));
    Files.delete(directory.resolve("nothing/key.pem"));
    assertThat(client("nothing").attempt(List.of("docker", "ps")).output())
        .contains("certificate required");
  }

  /** The service's key alone opens sandbox B; A's certificate does not. */
  @Test
  void theCertificateOfOneSandboxNeverReachesAnother() {
    String other = api.dockerSandbox(Machine.STATIC);
    String path = "/v1/sandboxes/" + other + "/docker/engine";
    assertThat(api.get(path + "/info").expecting(200).get("ID").asString()).isNotEqualTo(engine);
    DockerClient cli = client("certificate").with("DOCKER_HOST", dockerHost + path);
    assertThat(cli.attempt(List.of("docker", "info", "-f", "{{.ID}}")).output())
        .doesNotContain(api.get(path + "/info").expecting(200).get("ID").asString());
    assertThat(client("certificate").docker("info", "-f", "{{.ID}}")).isEqualTo(engine);
    api.delete("/v1/sandboxes/" + other + "?grace=PT0S").expecting(200);
  }

  @Test
  void aContextWithACertificateIsWrittenByTheCommandLine() throws Exception {
    Path own = openDirectory("user");
    CliTool caisson = new CliTool(service, own);
    JsonNode written =
        caisson.run("context", "--tls", "--name", "boxed", "-o", "json", sandbox.id()).json();
    List<String> info = List.of("docker", "--context", "boxed", "info", "-f", "{{.ID}}");
    assertThat(CliTool.end(caisson.start(info), new byte[0]).out().strip()).isEqualTo(engine);
    Path certificates = Path.of(written.get("certPath").asString());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(certificates.resolve("key.pem"))))
        .isEqualTo("rw-------");
    assertThat(
            new DockerClient(own, written.get("dockerHost").asString())
                .with("DOCKER_TLS_VERIFY", "1")
                .with("DOCKER_CERT_PATH", certificates.toString())
                .docker("info", "-f", "{{.ID}}"))
        .as("and any client may use its files")
        .isEqualTo(engine);
    caisson.run("keys", "revoke", sandbox.id(), written.get("grant").asString());
    assertThat(CliTool.end(caisson.start(info), new byte[0]).err()).contains("was revoked");
  }

  @Test
  void whatConnectTellsToPasteBuilds() throws IOException {
    JsonNode connect = api.get(base + "/docker/connect").expecting(200);
    List<String> lines = new ArrayList<>();
    for (JsonNode each : connect.get("clients")) {
      if (each.get("name").asString().contains("certificate")) {
        each.get("lines").forEach(line -> lines.add(line.asString()));
      }
    }
    assertThat(lines).last().isEqualTo("docker build .");
    lines.removeLast();
    lines.add("docker version -f '{{.Server.Version}}'");
    assertThat(
            new DockerClient(directory, "")
                .with("CAISSON_KEY", service.key())
                .with("TMPDIR", openDirectory("pasted").toString())
                .run(List.of("bash", "-ec", "exec 2>/dev/null\n" + String.join("\n", lines))))
        .isEqualTo(client("certificate").docker("version", "-f", "{{.Server.Version}}"));
  }

  @Test
  void certificatesAreGoodAfterARestart() throws Exception {
    String authority = Files.readString(home.resolve("docker-ca.pem"));
    service.kill();
    service.start();
    assertThat(Files.readString(home.resolve("docker-ca.pem"))).isEqualTo(authority);
    assertThat(client("certificate").docker("info", "-f", "{{.ID}}")).isEqualTo(engine);
  }

  /** A client on this host, told by its environment alone. */
  private DockerClient client(String certificate) {
    return new DockerClient(directory, dockerHost)
        .with("DOCKER_TLS_VERIFY", "1")
        .with("DOCKER_CERT_PATH", directory.resolve(certificate).toString());
  }

  /** A client that follows the daemon's events, and has heard one. */
  private static Process events(DockerClient cli) throws IOException {
    Process events =
        cli.start(
            List.of(
                "docker", "events", "--since", "2000-01-01T00:00:00", "--filter", "type=image"));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).contains("image pull");
    return events;
  }

  /** A line for a shell with the kit's own CLI, compose and buildx, on this host's network. */
  private String kit(Path project, String line) throws IOException {
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
            "--tmpfs=/tmp",
            "--volumes-from=" + Machine.container(sandbox.id()) + ":ro",
            "-v",
            project + ":/project",
            "-v",
            config + ":/config",
            "-v",
            directory.resolve("certificate") + ":/certificate:ro",
            "-w",
            "/project",
            "-e",
            "DOCKER_CONFIG=/config",
            "-e",
            "DOCKER_HOST=" + dockerHost,
            "-e",
            "DOCKER_TLS_VERIFY=1",
            "-e",
            "DOCKER_CERT_PATH=/certificate",
            "-e",
            "PATH=/bin:/opt/caisson/docker/bin",
            "--entrypoint=/bin/busybox",
            Machine.STATIC,
            "sh",
            "-c",
            line));
    return Machine.run(command.toArray(String[]::new));
  }

  private Path openDirectory(String name) throws IOException {
    Path made = Files.createDirectories(directory.resolve(name));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    return made;
  }
}
