package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * What every caller meets first: the key, the health, the form of an error; with no engine at all.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class WebTest {
  @TempDir static Path home;
  @LocalServerPort int port;
  private Api api;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
  }

  @BeforeEach
  void connect() throws IOException {
    api =
        new Api(
            URI.create("http://127.0.0.1:" + port),
            Files.readString(home.resolve("admin.key")).strip());
  }

  @Test
  void theAdminKeyIsAFileOnlyItsOwnerCanRead() throws IOException {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("admin.key"))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"command":["ls"],"timeout":"5"} | timeout must be a duration from PT0S to P36500D, such as PT5S
          {"command":"ls"}                 | command must be a list
          {"shell":7}                      | shell must be a string
          {"shell":"ls","limits":"many"}   | limits must be an object
          {"shell":"ls","background":"no"} | background must be true or false
          """)
  void whatAFieldMustBeIsSaid(String body, String said) {
    Map<String, Object> fields = Api.JSON.readValue(body, new TypeReference<>() {});
    Api.Reply reply = api.post("/v1/sandboxes/sb-aaaaaaaa/processes", fields);
    assertThat(reply.expecting(400).get("detail").asString()).isEqualTo(said);
  }

  @Test
  void theKeyOfAStartIsItsHeaderAndNoParameter() {
    String processes = "/v1/sandboxes/sb-aaaaaaaa/processes";
    Map<String, Object> start = Map.of("shell", "ls");
    assertThat(
            api.post(processes, start, "Idempotency-Key", "a b")
                .expecting(400)
                .get("detail")
                .asString())
        .isEqualTo("Idempotency-Key must be 1 to 255 visible ASCII characters");
    api.post(processes, start, "Idempotency-Key", "a-b").expecting(404);
    api.post(processes + "?value=a+b&Idempotency-Key=a+b", start).expecting(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ports/0/", "ports/70000/index.html", "ports/99999999999/", "tunnels/0/x"})
  void aPortThatThereCannotBeIsSaidToBeNone(String path) {
    JsonNode problem = api.get("/v1/sandboxes/sb-aaaaaaaa/" + path).expecting(400);

    assertThat(problem.get("code").asString()).isEqualTo("INVALID_REQUEST");
    assertThat(problem.get("detail").asString()).startsWith("port must be");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/sandboxes, 401",
    "/v1/nothing, 401",
    "/v1/docker/cg_k7m2p9w3xh/_ping, 401",
    "/v1/docker/, 401",
    "/actuator/prometheus, 401",
    "/actuator/health/..;/..;/v1/sandboxes, 400",
    "/actuator/health/liveness, 200",
    "/v3/api-docs, 200",
    "/swagger-ui/index.html, 200",
    "/, 200",
    "/index.html, 200",
    "/console/main.js, 200",
    "/console/..;/v1/sandboxes, 400",
    "/console, 401",
    "/favicon.ico, 401"
  })
  void nothingButHealthAndDocumentationIsAnsweredWithoutAKey(String path, int status)
      throws Exception {
    assertThat(anonymous(path, "").statusCode()).isEqualTo(status);
  }

  @Test
  void withoutAPortForThemNoCertificatesAreHandedOutAndNothingIsMade() {
    JsonNode problem =
        api.post("/v1/sandboxes/sb-aaaaaaaa/docker/certificates", Map.of()).expecting(403);
    assertThat(problem.get("code").asString()).isEqualTo("CERTIFICATES_DISABLED");
    assertThat(problem.get("detail").asString()).contains("caisson.docker.tls-port");
    assertThat(home.resolve("docker-ca.pem")).doesNotExist();
  }

  @Test
  void theConsoleIsServedWithAPolicyThatLetsNothingElseAct() throws Exception {
    HttpResponse<String> page = anonymous("/", "");
    assertThat(page.body()).contains("<title>Caisson</title>");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors")
        .doesNotContain("unsafe", "http", "*");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    String known = header(page, "ETag");
    HttpResponse<String> same = anonymous("/", "", "If-None-Match", known);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(header(anonymous("/console/main.js", ""), "ETag")).isNotEqualTo(known);
    assertThat(header(anonymous("/console/main.js", ""), "Content-Type")).contains("javascript");
  }

  /** JSON is left as it is: what is secret in it could be guessed from its length. */
  @ParameterizedTest
  @CsvSource({
    "/console/main.js, 'br, gzip', gzip",
    "/, gzip;q=0.5, gzip",
    "/console/main.js, gzip;q=0, ''",
    "/console/main.js, br, ''",
    "/v1/host, gzip, ''"
  })
  void theConsolesFilesAreCompressedForWhomeverTakesThem(String path, String taken, String encoding)
      throws Exception {
    String key = "Bearer " + Files.readString(home.resolve("admin.key")).strip();
    HttpResponse<String> plain = anonymous(path, key);
    HttpResponse<byte[]> answer;
    try (HttpClient client = HttpClient.newHttpClient()) {
      answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Accept-Encoding", taken)
                  .header("Authorization", key)
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
    }
    assertThat(header(answer, "Content-Encoding")).isEqualTo(encoding);
    if (encoding.isEmpty()) {
      return;
    }
    assertThat(header(answer, "Content-Type")).isEqualTo(header(plain, "Content-Type"));
    assertThat(header(answer, "Vary")).contains("Accept-Encoding");
    assertThat(header(answer, "ETag")).isNotEqualTo(header(plain, "ETag"));
    assertThat(answer.body().length).isLessThan(plain.body().length() / 2);
    try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(plain.body());
    }
    HttpResponse<String> same =
        anonymous(path, "", "If-None-Match", header(answer, "ETag"), "Accept-Encoding", taken);
    assertThat(same.statusCode()).isEqualTo(304);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @CsvSource({"Bearer wrong", "Basic abc", "Bearer", "ck_"})
  void aWrongKeyIsRefusedWithAProblemThatSaysWhatToSend(String header) throws Exception {
    HttpResponse<String> answer = anonymous("/v1/sandboxes", header);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer realm=\"caisson\"");
    JsonNode problem = Api.JSON.readTree(answer.body());
    assertThat(problem.propertyNames())
        .containsExactlyInAnyOrder("type", "title", "status", "code", "detail", "message");
    assertThat(problem.get("code").asString()).isEqualTo("UNAUTHORIZED");
    assertThat(problem.get("type").asString()).isEqualTo("urn:caisson:problem:unauthorized");
    assertThat(problem.get("title").asString()).isEqualTo("Unauthorized");
    assertThat(problem.get("detail").asString()).contains("admin.key");
    assertThat(problem.get("message")).isEqualTo(problem.get("detail"));
  }

  @Test
  void aBrowsersWebSocketBringsItsKeyAsAnOfferedProtocol() throws IOException {
    String key = Files.readString(home.resolve("admin.key")).strip();
    assertThat(handshake("caisson.key." + key)).isEqualTo(404);
    assertThat(handshake("caisson.key.wrong")).isEqualTo(401);
    assertThat(handshake("something.else")).isEqualTo(401);
  }

  /** The status with which a WebSocket to a process that is not there is refused. */
  private int handshake(String protocol) {
    URI uri = URI.create("ws://127.0.0.1:" + port + "/v1/sandboxes/sb-aaaaaaaa/processes/1/attach");
    try (HttpClient client = HttpClient.newHttpClient()) {
      client
          .newWebSocketBuilder()
          .subprotocols("caisson.attach.v1", protocol)
          .buildAsync(uri, new WebSocket.Listener() {})
          .join();
      throw new AssertionError("there is no such process");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Test
  void anUnknownFieldIsRefusedByItsName() {
    problem(api.post("/v1/sandboxes", Map.of("imag", "debian")), "imag");
    problem(api.post("/v1/sandboxes", Map.of("resources", Map.of("ram", "1Gi"))), "resources.ram");
  }

  @Test
  void anInvalidFieldIsRefusedByItsName() {
    problem(api.post("/v1/sandboxes", Map.of("workdir", "relative")), "workdir");
    problem(
        api.post("/v1/sandboxes", Map.of("resources", Map.of("memory", "lots"))),
        "resources.memory");
    problem(
        api.post("/v1/sandboxes", Map.of("resources", Map.of("memory", "1Mi"))),
        "resources.memory");
    problem(api.post("/v1/sandboxes", Map.of("ttl", "soon")), "ttl");
    problem(api.post("/v1/sandboxes", Map.of("image", "--privileged")), "image");
  }

  @Test
  void aSandboxThatIsNotThereIsNotFound() {
    JsonNode problem = api.get("/v1/sandboxes/sb-aaaaaaaa").expecting(404);
    assertThat(problem.get("code").asString()).isEqualTo("SANDBOX_NOT_FOUND");
    assertThat(problem.get("sandbox").asString()).isEqualTo("sb-aaaaaaaa");
    problem(api.get("/v1/sandboxes/../etc"), "path");
    api.get("/v1/sandboxes/nonsense").expecting(404);
  }

  @Test
  void aLostEngineTakesReadinessDownNeverLivenessAndIsSaidOnCreate() throws Exception {
    assertThat(anonymous("/actuator/health/readiness", "").statusCode()).isEqualTo(503);
    assertThat(anonymous("/actuator/health/liveness", "").statusCode()).isEqualTo(200);
    JsonNode problem = api.post("/v1/sandboxes", Map.of()).expecting(503);
    assertThat(problem.get("code").asString()).isEqualTo("ENGINE_UNREACHABLE");
  }

  @Test
  void whatAnOperatorWatchesIsThere() {
    assertThat(api.get("/actuator/prometheus").text())
        .contains("caisson_sandboxes{state=\"READY\"}", "caisson_supervisor_connections");
    JsonNode health = api.get("/actuator/health").json();
    assertThat(health.get("components").has("engine")).isTrue();
    assertThat(health.get("components").has("dockerDaemons")).isTrue();
    JsonNode disk = health.get("components").get("diskSpace").get("components");
    assertThat(disk.get("home").get("details").get("path").asString()).isEqualTo(home.toString());
    assertThat(disk.get("engine").get("status").asString()).isEqualTo("UNKNOWN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer wrong", "Bearer "})
  void aStrangerIsToldWhetherTheServiceIsWellAndNothingMore(String authorization) throws Exception {
    HttpResponse<String> health = anonymous("/actuator/health", authorization);
    assertThat(Api.JSON.readTree(health.body()))
        .isEqualTo(
            Api.JSON.readTree("{\"status\":\"DOWN\",\"groups\":[\"liveness\",\"readiness\"]}"));
    assertThat(anonymous("/actuator/health/liveness", authorization).body())
        .isEqualTo("{\"status\":\"UP\"}");
    assertThat(anonymous("/actuator/health/readiness", authorization).body())
        .isEqualTo("{\"status\":\"DOWN\"}");
    assertThat(anonymous("/actuator/health/diskSpace", authorization).statusCode()).isEqualTo(404);
    assertThat(api.get("/actuator/health/readiness").json().get("components").has("db")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/swagger-ui.html",
        "/swagger-ui/index.html",
        "/swagger-ui/swagger-initializer.js",
        "/swagger-ui/swagger-ui-bundle.js",
        "/v3/api-docs",
        "/v3/api-docs.yaml",
        "/v3/api-docs/swagger-config"
      })
  void whatShowsTheContractActsForNobodyElse(String path) throws Exception {
    HttpResponse<String> answer = anonymous(path, "");
    assertThat(answer.statusCode()).isIn(200, 302);
    assertThat(header(answer, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  /** Why tunnels are WebSockets: what is ours never sees it, with a key or without one. */
  @ParameterizedTest
  @CsvSource({"3000-sb-aaaaaaaa.sandboxes.test:3000", "127.0.0.1:5432", "/v1/sandboxes"})
  void theServerItselfRefusesConnectInEveryForm(String target) throws IOException {
    String key = Files.readString(home.resolve("admin.key")).strip();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "CONNECT %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(target, target.startsWith("/") ? "localhost" : target, key)
                  .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer.lines().findFirst().orElse("")).startsWith("HTTP/1.1 501");
    }
  }

  private static void problem(Api.Reply answer, String field) {
    JsonNode problem = answer.expecting(400);
    assertThat(problem.get("code").asString()).isEqualTo("INVALID_REQUEST");
    assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo(field);
    assertThat(problem.get("type").asString()).isEqualTo("urn:caisson:problem:invalid-request");
  }

  private HttpResponse<String> anonymous(String path, String authorization, String... headers)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
