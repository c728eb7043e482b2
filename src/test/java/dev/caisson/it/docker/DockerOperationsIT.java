package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Builds and compose projects in an image that has no libc, each a process that can be read. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerOperationsIT {
  private static final String SECRET = "plum-" + Long.toHexString(new Random().nextLong());
  private static final String DOCKERFILE =
      """
      FROM busybox
      ARG WHO
      RUN --mount=type=secret,id=token sha256sum /run/secrets/token >/seen
      RUN echo "$WHO" >/who
      """;
  private static final String COMPOSE =
      """
      services:
        web:
          image: busybox
          command: ["sh", "-c", "echo begun-${NAME}; exec httpd -f -p 80 -h /bin"]
          stop_signal: SIGKILL
          healthcheck:
            test: ["CMD", "wget", "-qO", "/dev/null", "http://127.0.0.1/busybox"]
            interval: 1s
            retries: 30
        once:
          image: busybox
          command: ["true"]
          profiles: ["more"]
      """;

  private Api api;
  private String sandbox;
  private String docker;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.dockerSandbox(Machine.STATIC);
    docker = "/v1/sandboxes/" + sandbox + "/docker";
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void whatRanLongerThanItMayLeavesNoContainer() {
    Map<String, Object> run =
        Map.of(
            "image",
            "busybox",
            "command",
            List.of("sleep", "500"),
            "remove",
            true,
            "name",
            "late",
            "timeout",
            "PT2S");
    JsonNode late = api.post(docker + "/run", run).expecting(200);
    assertThat(late.get("exit").get("cause").asString()).as(late.toString()).isEqualTo("TIMEOUT");
    long pid =
        api.post(
                docker + "/run",
                Map.of(
                    "image",
                    "busybox",
                    "command",
                    List.of("sleep", "500"),
                    "name",
                    "ended",
                    "background",
                    true))
            .expecting(201)
            .get("pid")
            .asLong();
    Eventually.holds(() -> names("status=running"), names -> names.contains("ended"));
    api.delete("/v1/sandboxes/" + sandbox + "/processes/" + pid + "?grace=PT0S").expecting(200);
    Eventually.holds(
        () -> names("status=running"),
        names -> !names.contains("late") && !names.contains("ended"));
    // Without `remove` its container is over, and can be looked at.
    assertThat(names("status=exited")).contains("ended").doesNotContain("late");
    assertThat(api.post(docker + "/run", run).expecting(200).get("exit").get("cause").asString())
        .as("its name is free")
        .isEqualTo("TIMEOUT");
  }

  private String names(String filter) {
    JsonNode listed =
        api.exec(sandbox, "docker", "ps", "-a", "--filter", filter, "--format", "{{.Names}}");
    return Api.text(listed, "stdout").strip();
  }

  @Test
  void anImageIsBuiltOfADirectoryWithASecretThatIsInNoLayer() throws Exception {
    write("/workspace/app/sub/Dockerfile", DOCKERFILE);
    JsonNode build =
        api.post(
                docker + "/build",
                Map.of(
                    "path", "/workspace/app",
                    "dockerfile", "sub/Dockerfile",
                    "tags", List.of("app:1", "app:latest"),
                    "buildArgs", Map.of("WHO", "a friend"),
                    "secrets", Map.of("token", SECRET)))
            .expecting(200);
    succeeded(build);
    assertThat(build.get("command").toString())
        .contains("--build-arg=WHO", "--secret=id=token,env=")
        .doesNotContain("a friend");
    assertThat(build.toString()).doesNotContain(SECRET);

    JsonNode run =
        api.post(
                docker + "/run",
                Map.of(
                    "image", "app:1", "command", List.of("cat", "/who", "/seen"), "remove", true))
            .expecting(200);
    assertThat(Api.text(run, "stdout")).startsWith("a friend\n").contains(sha256(SECRET));

    assertThat(api.exec(sandbox, "docker", "history", "--no-trunc", "app:1").toString())
        .contains("a friend")
        .doesNotContain(SECRET);
    String image = new String(engine("/images/app:1/get").body(), StandardCharsets.ISO_8859_1);
    assertThat(image).contains("manifest.json").doesNotContain(SECRET);
    assertThat(engine("/images/app:1/json").text()).doesNotContain(SECRET);
  }

  @Test
  void aContainerOfAnotherUserIsEnteredAndItsHealthIsChecked() {
    JsonNode run =
        api.exec(
            sandbox,
            "docker",
            "run",
            "-d",
            "--name=nobody",
            "--user=1234",
            "--health-cmd=true",
            "--health-interval=1s",
            "--health-retries=30",
            "busybox",
            "sleep",
            "1000");
    succeeded(run);
    JsonNode entered = api.exec(sandbox, "docker", "exec", "nobody", "id", "-u");
    succeeded(entered);
    assertThat(Api.text(entered, "stdout")).isEqualTo("1234\n");
    Eventually.holds(
        () -> api.get(docker + "/containers/nobody").expecting(200).path("health").toString(),
        health -> health.toLowerCase(java.util.Locale.ROOT).contains("\"healthy\""));
    succeeded(api.exec(sandbox, "docker", "rm", "-f", "nobody"));
  }

  @Test
  void anImageIsBuiltOfATarThatIsHandedOnAsItComes() throws IOException {
    byte[] noise = new byte[24 << 20];
    new Random(7).nextBytes(noise);
    byte[] tar =
        tar(
            Map.of(
                "Dockerfile",
                "FROM busybox\nARG WHO\nCOPY noise /noise\nRUN echo $WHO >/who\n"
                    .getBytes(StandardCharsets.UTF_8),
                "noise",
                noise));
    Api.Reply reply =
        api.postTar(
            docker + "/build?tags=noisy&noCache=true",
            () -> new ByteArrayInputStream(tar),
            "Caisson-Build-Args",
            Base64.getEncoder()
                .encodeToString("{\"WHO\":\"tar\"}".getBytes(StandardCharsets.UTF_8)));
    JsonNode build = reply.expecting(200);
    succeeded(build);
    assertThat(build.get("stdin").get("bytes").asLong()).isEqualTo(tar.length);
    JsonNode run =
        api.post(
                docker + "/run",
                Map.of("image", "noisy", "command", List.of("wc", "-c", "/noise"), "remove", true))
            .expecting(200);
    assertThat(Api.text(run, "stdout")).startsWith(noise.length + " ");
  }

  @Test
  void aBuildThatFailsSaysSoByItsExitEvenWhileItsContextStillComes() throws IOException {
    byte[] tar = tar(Map.of("Dockerfile", "NONSENSE\n".getBytes(StandardCharsets.UTF_8)));
    JsonNode build =
        api.postTar(
                docker + "/build",
                () -> new SequenceInputStream(new ByteArrayInputStream(tar), zeros(8 << 20)))
            .expecting(200);
    assertThat(build.get("state").asString()).isEqualTo("EXITED");
    assertThat(build.get("exit").get("code").asInt()).isNotZero();
    assertThat(Api.text(build, "stderr")).contains("NONSENSE");
  }

  @Test
  void anUploadThatBreaksOffEndsItsBuild() throws IOException {
    byte[] tar =
        tar(
            Map.of(
                "Dockerfile",
                "FROM busybox\n".getBytes(StandardCharsets.UTF_8),
                "noise",
                new byte[4 << 20]));
    try {
      api.postTar(docker + "/build?tags=broken", () -> breaking(tar, 2 << 20));
    } catch (UncheckedIOException e) {
      // The client's own end of it.
      assertThat(e).hasRootCauseMessage("broken off");
    }
    JsonNode build =
        Eventually.holds(
            () -> newest("--tag=broken"), p -> p.path("state").asString("").equals("EXITED"));
    assertThat(build.get("exit").get("code").asInt()).isNotZero();
    engineSays(404, "/images/broken/json");
  }

  @Test
  void aKeyRepeatsABuildWithoutBuildingTwice() throws IOException {
    byte[] tar = tar(Map.of("Dockerfile", "FROM busybox\n".getBytes(StandardCharsets.UTF_8)));
    String path = docker + "/build?tags=once";
    JsonNode first =
        api.postTar(path, () -> new ByteArrayInputStream(tar), "Idempotency-Key", "b-1")
            .expecting(200);
    JsonNode again =
        api.postTar(path, () -> new ByteArrayInputStream(tar), "Idempotency-Key", "b-1")
            .expecting(200);
    succeeded(first);
    assertThat(again.get("pid")).isEqualTo(first.get("pid"));
  }

  @Test
  void projectsOfOneTextRunSideBySideAndGoOneByOne() {
    for (String project : List.of("one", "two")) {
      succeeded(up(project));
    }
    JsonNode ps = api.post(docker + "/compose/one/ps", Map.of("json", true)).expecting(200);
    assertThat(Api.text(ps, "stdout")).contains("one-web-1").doesNotContain("two-web-1");
    JsonNode logs = api.post(docker + "/compose/two/logs", Map.of("tail", 10)).expecting(200);
    assertThat(Api.text(logs, "stdout")).contains("begun-two").doesNotContain("begun-one");

    succeeded(api.post(docker + "/compose/one/down", Map.of("grace", "PT1S")).expecting(200));
    assertThat(Api.text(api.exec(sandbox, "docker", "ps", "--format", "{{.Names}}"), "stdout"))
        .contains("two-web-1")
        .doesNotContain("one-web-1");
    succeeded(api.post(docker + "/compose/two/down", Map.of("volumes", true)).expecting(200));
  }

  private JsonNode up(String project) {
    return api.post(
            docker + "/compose/" + project + "/up",
            Map.of(
                "source",
                Map.of("content", COMPOSE, "env", Map.of("NAME", project)),
                "wait",
                true,
                "waitTimeout",
                "PT2M"))
        .expecting(200);
  }

  @Test
  void aProjectOfFilesInTheSandboxIsBuiltAndBegun() {
    write(
        "/workspace/shop/compose.yaml", "services:\n  made:\n    build: .\n    image: shop-made\n");
    write("/workspace/shop/Dockerfile", "FROM busybox\nCMD [\"echo\", \"made of files\"]\n");
    Map<String, Object> request = Map.of("source", Map.of("path", "/workspace/shop"));
    succeeded(api.post(docker + "/compose/shop/build", request).expecting(200));
    JsonNode attached =
        api.post(
                docker + "/compose/shop/up",
                Map.of("source", Map.of("path", "/workspace/shop"), "detach", false))
            .expecting(200);
    succeeded(attached);
    assertThat(Api.text(attached, "stdout")).contains("made of files");
    succeeded(api.post(docker + "/compose/shop/down", Map.of()).expecting(200));
  }

  @Test
  void whatMakesNoSenseIsRefusedByItsField() {
    refused("/compose/Shop/down", Map.of(), "project");
    refused("/compose/shop/up", Map.of(), "source");
    refused("/build", Map.of("path", "app"), "path");
    refused("/push", Map.of("image", "--all"), "image");
    refused("/login", Map.of("username", "me"), "password");
    refused(
        "/build",
        Map.of("path", "/w", "buildArgs", Map.of("DOCKER_HOST", "x")),
        "buildArgs.DOCKER_HOST");
  }

  private void refused(String path, Map<String, ?> body, String field) {
    JsonNode problem = api.post(docker + path, body).expecting(400);
    assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo(field);
  }

  private JsonNode newest(String argument) {
    JsonNode list = api.get("/v1/sandboxes/" + sandbox + "/processes").expecting(200);
    for (JsonNode process : list.get("items")) {
      if (process.get("command").toString().contains(argument)) {
        return process;
      }
    }
    return Api.JSON.createObjectNode();
  }

  private Api.Reply engine(String path) {
    return api.get(docker + "/engine" + path);
  }

  private void engineSays(int status, String path) {
    engine(path).expecting(status);
  }

  private void write(String path, String text) {
    assertThat(
            api.put("/v1/sandboxes/" + sandbox + "/files/content?parents=true&path=" + path, text)
                .status())
        .isIn(200, 201);
  }

  private static void succeeded(JsonNode process) {
    assertThat(process.get("exit").get("code").asInt()).as(process.toString()).isZero();
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static InputStream zeros(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  /** Content that cannot be read beyond this. */
  private static InputStream breaking(byte[] content, int after) {
    return new FilterInputStream(new ByteArrayInputStream(content, 0, after)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count < 0) {
          throw new IOException("broken off");
        }
        return count;
      }
    };
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
