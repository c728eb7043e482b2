package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import dev.caisson.it.client.CliTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Docker clients as they come, on this host, with the daemon of a sandbox: each says which engine
 * it has reached.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerClientsIT {
  private Path directory;
  private Api api;
  private ServiceProcess service;
  private DockerSandbox sandbox;
  private String base;
  private String dockerHost;
  private String token;
  private String engine;

  @BeforeAll
  void create(@TempDir Path own, Api shared, ServiceProcess process) {
    directory = own;
    api = shared;
    service = process;
    sandbox = new DockerSandbox(api, Machine.STATIC);
    base = sandbox.path();
    JsonNode connect = api.get(base + "/docker/connect").expecting(200);
    dockerHost = connect.get("dockerHost").asString();
    token = dockerHost.substring(dockerHost.lastIndexOf('/') + 1);
    engine = sandbox.engine();
    assertThat(cli().docker("info", "-f", "{{.ID}}")).isEqualTo(engine);
    cli().docker("pull", "busybox");
  }

  @AfterAll
  void delete() {
    sandbox.close();
    assertThat(service.logText()).as("a token is never logged").doesNotContain(token);
  }

  private DockerClient cli() {
    return new DockerClient(directory, dockerHost);
  }

  private KitClient kit() {
    return new KitClient(directory, sandbox.id());
  }

  @Test
  void theCliRunsCopiesSavesAndLoads() throws IOException {
    DockerClient cli = cli();
    assertThat(cli.docker("run", "--rm", "busybox", "echo", "hello")).isEqualTo("hello");
    assertThat(cli.attempt(List.of("docker", "run", "--rm", "busybox", "false")).code()).isOne();
    byte[] content = new byte[5_000_000];
    new Random(1).nextBytes(content);
    Path file = Files.write(directory.resolve("content"), content);
    cli.docker("create", "--name", "copied", "busybox");
    cli.docker("cp", file.toString(), "copied:/content");
    cli.docker("cp", "copied:/content", directory.resolve("back").toString());
    assertThat(Files.readAllBytes(directory.resolve("back"))).isEqualTo(content);
    cli.docker("rm", "copied");
    Path tar = directory.resolve("busybox.tar");
    cli.docker("tag", "busybox", "kept");
    cli.docker("save", "-o", tar.toString(), "kept");
    cli.docker("rmi", "kept");
    assertThat(cli.docker("load", "-i", tar.toString())).contains("kept:latest");
  }

  @Test
  void theCliCarriesStdinToItsEndAndTheAnswerBack() throws Exception {
    DockerClient cli = cli();
    cli.docker("run", "-d", "--name", "echoing", "busybox", "sleep", "1000");
    Process process =
        cli.start(List.of("docker", "exec", "-i", "echoing", "sh", "-c", "cat; echo end >&2"));
    byte[] sent = new byte[20_000_000];
    new Random(2).nextBytes(sent);
    long from = System.nanoTime();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (OutputStream out = process.getOutputStream()) {
                out.write(sent);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    byte[] read = process.getInputStream().readAllBytes();
    assertThat(DockerClient.end(process)).isZero();
    writer.join();
    System.out.println(
        "docker exec -i carried 20 MB there and back in "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from)
            + " ms");
    // Two streams: dockerd does not say which of their bytes comes first.
    String text = new String(read, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("end\n");
    assertThat(end).isNotNegative();
    byte[] apart = new byte[read.length - 4];
    System.arraycopy(read, 0, apart, 0, end);
    System.arraycopy(read, end + 4, apart, end, read.length - end - 4);
    assertThat(apart.length).isEqualTo(sent.length);
    assertThat(Arrays.mismatch(apart, sent)).isEqualTo(-1);
    cli.docker("rm", "-f", "echoing");
  }

  @Test
  void theCliFollowsLogsAttachesAndHearsEvents() throws Exception {
    DockerClient cli = cli();
    Process events = cli.start(List.of("docker", "events", "--filter", "container=told"));
    try (BufferedReader heard = reader(events)) {
      cli.docker(
          "run",
          "-di",
          "--name",
          "told",
          "busybox",
          "sh",
          "-c",
          "echo first; read line; echo $line; echo last");
      Process logs = cli.start(List.of("docker", "logs", "-f", "told"));
      try (BufferedReader lines = reader(logs)) {
        assertThat(lines.readLine()).isEqualTo("first");
        Process attached = cli.start(List.of("docker", "attach", "--sig-proxy=false", "told"));
        OutputStream in = attached.getOutputStream();
        in.write("typed\n".getBytes(StandardCharsets.UTF_8));
        // Kept open until it has answered: the end of what is typed ends what is shown, too.
        in.flush();
        // A line, not the end: a detached container keeps its input open when a client has gone.
        assertThat(lines.readLine()).isEqualTo("typed");
        assertThat(lines.readLine()).isEqualTo("last");
        assertThat(lines.readLine()).isNull();
        assertThat(new String(attached.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("typed", "last");
        assertThat(DockerClient.end(attached)).isZero();
      }
      assertThat(DockerClient.end(logs)).isZero();
      List<String> told = new ArrayList<>();
      while (told.stream().noneMatch(line -> line.contains(" die "))) {
        told.add(heard.readLine());
      }
      assertThat(told).anyMatch(line -> line.contains(" start "));
    } finally {
      events.destroy();
    }
    cli.docker("rm", "-f", "told");
  }

  @Test
  void buildKitAndComposeWorkFromOutside() throws IOException {
    Path project = kit().directory("project");
    Files.writeString(project.resolve("content"), "carried\n");
    Files.writeString(
        project.resolve("Dockerfile"),
        """
        FROM busybox
        COPY content /content
        RUN --mount=type=secret,id=word test "$(cat /run/secrets/word)" = hush && echo built >/built
        """);
    Files.writeString(project.resolve("word"), "hush");
    Files.writeString(
        project.resolve("compose.yaml"),
        """
        services:
          web:
            image: made
            command: sh -c 'mkdir /w; cp /content /w/index.html; httpd -f -p 80 -h /w'
            ports: ["18080:80"]
        """);
    String own =
        api.post(base + "/docker/forward", Map.of("engine", true))
            .expecting(200)
            .get("engine")
            .asString();
    kit()
        .run(
            own,
            project,
            "docker buildx build --progress plain --secret id=word,src=word -t made .");
    assertThat(cli().docker("run", "--rm", "made", "cat", "/content", "/built"))
        .isEqualTo("carried\nbuilt");
    kit().run(dockerHost, project, "docker compose up -d");
    assertThat(kit().run(dockerHost, project, "docker compose ps --format {{.Service}}"))
        .contains("web");
    JsonNode fetched =
        Eventually.holds(
            () ->
                api.exec(
                    sandbox.id(),
                    "/bin/busybox",
                    "wget",
                    "-qO-",
                    "-T",
                    "5",
                    "http://127.0.0.1:18080"),
            answer -> answer.get("exit").get("code").asInt() == 0);
    assertThat(Api.text(fetched, "stdout")).isEqualTo("carried\n");
    kit().run(dockerHost, project, "docker compose down -t 1");
    assertThat(cli().docker("ps", "-aq", "--filter", "name=web")).isEmpty();
  }

  @Test
  void aBuildWithBuildKitFindsItsSandboxByTheTokenInItsHeader() throws IOException {
    URI host = URI.create(dockerHost);
    String own = "tcp://" + host.getHost() + ":" + host.getPort() + base + "/docker/engine";
    Path config = kit().directory("header");
    Files.writeString(
        config.resolve("config.json"),
        "{\"HttpHeaders\":{\"Authorization\":\"Bearer " + token + "\"}}");
    Path context = kit().directory("context");
    Files.writeString(context.resolve("content"), "by header\n");
    Files.writeString(
        context.resolve("Dockerfile"), "FROM busybox\nCOPY content /content\nRUN true\n");
    // Debian's CLI of the host's engine brings BuildKit's client itself, without a plugin.
    DockerClient cli = new DockerClient(config, own).with("DOCKER_BUILDKIT", "1");
    cli.run(List.of("/usr/bin/docker", "build", "-t", "headed", context.toString()));
    assertThat(cli.docker("run", "--rm", "headed", "cat", "/content")).isEqualTo("by header");
  }

  /** As somebody far away has it: by the command line, a local address, and a context for it. */
  @Test
  void currentClientsBuildByTheAddressThatTheCommandLineForwards() throws Exception {
    Path project = kit().directory("forwarded");
    Files.writeString(project.resolve("content"), "forwarded\n");
    Files.writeString(
        project.resolve("Dockerfile"), "FROM busybox\nCOPY content /content\nRUN true\n");
    Files.writeString(
        project.resolve("compose.yaml"),
        "services: {built: {build: ., image: by-compose, command: cat /content}}\n");
    Files.writeString(
        project.resolve("docker-bake.hcl"),
        "target \"default\" {\n context = \".\"\n tags = [\"by-bake\"]\n}\n");
    Path home = kit().directory("home");
    CliTool caisson = new CliTool(service, home);
    Process forward =
        caisson.start("forward", "-o", "json", "--context", "far", sandbox.id(), "0:engine");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8))) {
      JsonNode listens = Api.JSON.readTree(lines.readLine());
      assertThat(listens.get("engine").asBoolean()).isTrue();
      String own = "tcp://127.0.0.1:" + listens.get("listen").asInt();
      assertThat(
              Machine.run(
                  "env", "HOME=" + home, "docker", "--context", "far", "info", "-f", "{{.ID}}"))
          .isEqualTo(engine);
      kit().run(own, project, "docker build -t by-build .");
      kit().run(own, project, "docker buildx build -t by-buildx .");
      kit().run(own, project, "docker buildx bake -f docker-bake.hcl");
      kit().run(own, project, "docker compose up --build");
      kit().run(own, project, "docker compose down");
      for (String image : List.of("by-build", "by-buildx", "by-bake", "by-compose")) {
        assertThat(cli().docker("run", "--rm", image, "cat", "/content")).isEqualTo("forwarded");
      }
    } finally {
      forward.destroy();
      DockerClient.end(forward);
    }
  }

  @Test
  void aBuildByAnAddressWithAPathSaysWhatToDoAndBringsUpNoBuilder() throws IOException {
    Path project = kit().directory("by-path");
    Files.writeString(project.resolve("Dockerfile"), "FROM busybox\n");
    assertThat(kit().run(dockerHost, project, "docker build . 2>&1 || true"))
        .contains("caisson forward " + sandbox.id() + " 2375:engine");
    assertThat(cli().docker("ps", "-aq", "--filter", "name=buildx")).isEmpty();
  }

  @Test
  void testcontainersRunsItsContainerInTheSandboxAndReachesItsPort() {
    JsonNode forward = api.post(base + "/docker/forward", Map.of()).expecting(200);
    String host = forward.get("host").asString();
    DockerClient client =
        cli()
            .with("TESTCONTAINERS_HOST_OVERRIDE", host)
            .with("TESTCONTAINERS_RYUK_DISABLED", "true")
            .with("TESTCONTAINERS_REUSE_ENABLE", "true");
    String said =
        client.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                TestcontainersClient.class.getName()));
    assertThat(said)
        .contains("engine=" + engine)
        .contains("address=http://" + host + ":")
        .contains("served=from a sandbox")
        .contains("inside=from a sandbox")
        .contains("network=made here", "copied=copied in", "fetched=out", "reused=true");
    assertThat(
            Eventually.holds(
                    () -> api.get(base + "/docker/forward").expecting(200),
                    now -> now.get("ports").isEmpty())
                .get("ports"))
        .isEmpty();
  }

  @Test
  void dockerodeWorksOnAnAddressOfTheSandboxsOwnAndByAToken() throws IOException {
    JsonNode forward = api.post(base + "/docker/forward", Map.of("engine", true)).expecting(200);
    Path modules = dockerode();
    String own = forward.get("engine").asString();
    assertThat(own).isEqualTo("tcp://" + forward.get("host").asString() + ":2375");
    assertThat(node(modules, own))
        .contains("engine=" + engine)
        .contains("served=from a sandbox")
        .contains("counted=1000000");
    URI host = URI.create(dockerHost);
    assertThat(
            node(
                modules,
                "tcp://127.0.0.1:1",
                host.getHost(),
                Integer.toString(host.getPort()),
                "v1/docker/" + token))
        .contains("engine=" + engine)
        .contains("counted=1000000");
  }

  /** Each client asks for what its users ask for most; by a path, and by an address alone. */
  @Test
  void dockerPyWorksByATokenAndOnAnAddressOfTheSandboxsOwn() throws IOException {
    JsonNode forward = api.post(base + "/docker/forward", Map.of("engine", true)).expecting(200);
    URI host = URI.create(dockerHost);
    for (String url :
        List.of(
            "http://" + host.getHost() + ":" + host.getPort() + "/v1/docker/" + token,
            forward.get("engine").asString())) {
      assertThat(Machine.run("python3", "src/test/python/docker_py.py", url).lines())
          .containsExactly(
              "engine=" + engine,
              "ran=hello",
              "failed=3 why",
              "logs=line 1,line 2,line 3",
              "exec=5 out err",
              "counted=100000",
              "archive=5 bytes",
              "event=True",
              "built=built",
              "loaded=True",
              "made=by-docker-py by-docker-py");
    }
  }

  private String node(Path modules, String dockerHost, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "src/test/node/dockerode.cjs"));
    command.addAll(List.of(arguments));
    return new DockerClient(directory, dockerHost)
        .with("NODE_PATH", modules.toString())
        .run(command);
  }

  /** Installed once; what is below target/ stays until it is cleaned. */
  static Path dockerode() throws IOException {
    Path project = Path.of("target", "dockerode").toAbsolutePath();
    Path modules = project.resolve("node_modules");
    if (!Files.exists(modules.resolve("dockerode"))) {
      Machine.run("bash", "-c", "cd kit; . ./apt.sh; command -v npm >/dev/null || need npm");
      Files.createDirectories(project);
      Machine.run(
          "npm",
          "install",
          "--no-audit",
          "--no-fund",
          "--prefix",
          project.toString(),
          "dockerode@4.0.12");
    }
    return modules;
  }

  @Test
  void onePortIsReachedByRawTcpAtAnAddressThatEndsWhenItIsClosed() throws Exception {
    long pid =
        api.start(
            sandbox.id(),
            "/bin/busybox",
            "sh",
            "-c",
            "mkdir -p /served; echo over tcp >/served/index.html;"
                + " exec /bin/busybox httpd -f -p 8099 -h /served");
    JsonNode forward = api.post(base + "/forwards", Map.of("port", 8099)).expecting(201);
    URI address = URI.create("http://127.0.0.1:" + forward.get("listen").asInt() + "/index.html");
    assertThat(Eventually.holds(() -> fetch(address), "over tcp\n"::equals))
        .isEqualTo("over tcp\n");
    assertThat(api.get(base + "/forwards").expecting(200).get("items")).hasSize(1);
    String path = base + "/forwards/" + forward.get("id").asString();
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(fetch(address)).startsWith("cannot");
    assertThat(api.delete(path).expecting(404).get("code").asString())
        .isEqualTo("FORWARD_NOT_FOUND");
    api.delete(base + "/processes/" + pid);
  }

  private static String fetch(URI address) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "cannot: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aGrantThatIsRevokedOpensNothingMoreAndCutsWhatIsOpenByIt() throws Exception {
    JsonNode grant =
        api.post(base + "/grants", Map.of("scope", "DOCKER", "ttl", "PT10M")).expecting(201);
    DockerClient client =
        new DockerClient(directory, grant.get("urls").get("dockerHost").asString());
    String marked = "revoked";
    Process events = client.start(List.of("docker", "events", "--filter", "container=" + marked));
    try (BufferedReader heard = reader(events)) {
      // It listens for sure only when it has heard something.
      AtomicBoolean heardIt = new AtomicBoolean();
      Thread teller =
          Thread.ofVirtual()
              .start(() -> {
                while (!heardIt.get()) {
                  cli().docker("create", "--name", marked, "busybox");
                  cli().docker("rm", marked);
                }
              });
      assertThat(heard.readLine()).contains("container create");
      heardIt.set(true);
      teller.join();
      assertThat(api.delete(base + "/grants/" + grant.get("id").asString()).status())
          .isEqualTo(204);
      String line = heard.readLine();
      while (line != null) {
        line = heard.readLine();
      }
    }
    DockerClient.end(events);
    Machine.Outcome refused = client.attempt(List.of("docker", "info"));
    assertThat(refused.output()).contains("UNAUTHORIZED");
    assertThat(api.get(base + "/grants").text()).doesNotContain("cg_");
    assertThat(refused.output()).doesNotContain("cg_");
    JsonNode missing = api.delete(base + "/grants/" + grant.get("id").asString()).expecting(404);
    assertThat(missing.get("code").asString()).isEqualTo("GRANT_NOT_FOUND");
  }

  @Test
  void aTokenIsGoodForTheEngineOfItsSandboxAndForNothingElse() throws Exception {
    String granted = base + "/docker/engine/_ping";
    assertThat(byToken(granted).statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            base,
            base + "/docker",
            base + "/docker;/engine/_ping",
            base + "/docker/engin%65/_ping",
            base + "/grants/../docker/engine/_ping",
            base + "/grants",
            "/v1/sandboxes",
            "/v1/sandboxes/sb-aaaaaaaa/docker/engine/_ping",
            "/v1/sandboxes/sb-aaaaaaaa/docker/engine/..;/..;/..;/"
                + sandbox.id()
                + "/docker/engine/_ping",
            "/v1/docker/" + token + "x/_ping",
            "/v1/docker/_ping")) {
      assertThat(byToken(path).statusCode()).as(path).isIn(400, 401);
    }
    // Behind the engine's path all is its daemon's, which does not know this one, and says so.
    assertThat(byToken(base + "/docker/engine/../start").headers().firstValue("Location"))
        .hasValue("/start");
  }

  private HttpResponse<String> byToken(String path) throws IOException, InterruptedException {
    URI host = URI.create(dockerHost);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create("http://" + host.getHost() + ":" + host.getPort() + path))
              .header("Authorization", "Bearer " + token)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void whatCannotBeAnsweredIsSaidAtOnce() {
    String path = base + "/docker/engine";
    assertThat(api.get(path + "/v9.99/info").status()).isEqualTo(400);
    assertThat(api.get(path + "/v1.41/nothing").status()).isEqualTo(404);
    assertThat(api.get("/v1/docker/" + token + "/v1.41/nothing").text()).doesNotContain(token);
    String text = api.get(base + "/docker/connect?ttl=PT1M", "Accept", "text/plain").text();
    assertThat(text)
        .contains("export DOCKER_HOST=tcp://", "docker context create", "DockerClient(base_url=");
    api.get(base + "/docker/connect?ttl=P8D").expecting(400);
    String without = api.sandbox(Map.of("image", Machine.STATIC));
    String other = "/v1/sandboxes/" + without;
    assertThat(api.get(other + "/docker/engine/_ping").expecting(409).get("code").asString())
        .isEqualTo("DOCKER_DISABLED");
    api.get(other + "/docker/connect").expecting(409);
    api.delete(other + "?grace=PT0S").expecting(200);
    String over = api.post(other + "/grants", Map.of("scope", "DOCKER")).expecting(409).toString();
    assertThat(over).contains("SANDBOX_NOT_READY");
    api.post(base + "/grants", Map.of("scope", "PORT")).expecting(400);
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
