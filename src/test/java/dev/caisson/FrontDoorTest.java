package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.certificate.DockerTls;
import dev.caisson.it.Api;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.isolation.Disguises;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Whoever has no key is in nowhere but where it is meant, however a path is written and whatever is
 * shown in place of a key; in the running service, as bytes.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class FrontDoorTest {
  /** What is open to everybody, said here a second time and on purpose. */
  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/index.html",
          "/console/*/**",
          "/actuator/health",
          "/actuator/health/**",
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/v3/api-docs/swagger-config",
          "/swagger-ui.html",
          "/swagger-ui/**",
          "/swagger-ui/*index.html",
          "/swagger-ui/*swagger-initializer.js");

  private static final String PASSED = "X-Passed";
  private static final int CERTIFIED = ServiceProcess.freePort();

  @TempDir static Path home;
  @LocalServerPort int port;
  @Autowired ApplicationContext context;
  @Autowired Grants grants;
  @Autowired DockerTls tls;
  @Autowired Witness witness;
  private String key = "";
  private RawHttp http = new RawHttp(0);

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
    registry.add("caisson.ports.domain", () -> "sandboxes.test");
    registry.add("caisson.ports.by-path", () -> "true");
    registry.add("caisson.docker.tls-port", () -> CERTIFIED);
  }

  /** Stands behind the door, and notes what comes through. */
  static final class Witness {
    final Set<String> reached = Collections.synchronizedSet(new TreeSet<>());

    void through(
        HttpServletRequest request,
        jakarta.servlet.http.HttpServletResponse response,
        FilterChain chain)
        throws IOException, jakarta.servlet.ServletException {
      response.setHeader(PASSED, "yes");
      chain.doFilter(request, response);
      reached.add(
          String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)));
    }
  }

  @TestConfiguration
  static class Watching {
    @Bean
    Witness witness() {
      return new Witness();
    }

    @Bean
    FilterRegistrationBean<jakarta.servlet.Filter> watched(Witness witness) {
      FilterRegistrationBean<jakarta.servlet.Filter> filter =
          new FilterRegistrationBean<>((request, response, chain) ->
              witness.through(
                  (HttpServletRequest) request,
                  (jakarta.servlet.http.HttpServletResponse) response,
                  chain));
      filter.setOrder(Ordered.LOWEST_PRECEDENCE);
      return filter;
    }
  }

  @BeforeEach
  void connect() throws IOException {
    key = Files.readString(home.resolve("admin.key")).strip();
    http = new RawHttp(port);
    witness.reached.clear();
  }

  @AfterEach
  void disconnect() throws IOException {
    http.close();
  }

  /** What somebody without a key can show. */
  private List<List<String>> shown() {
    String docker =
        grants.issue("sb-bbbbbbbb", Grant.Scope.DOCKER, null, Duration.ofHours(1)).token();
    String link = grants.issue("sb-aaaaaaaa", Grant.Scope.PORT, 81, Duration.ofHours(1)).token();
    return List.of(
        List.of(),
        List.of("Authorization: Bearer ck_wrong"),
        List.of("Authorization: Bearer "),
        List.of("Authorization: Bearer " + docker),
        List.of("Authorization: Bearer " + link, "Cookie: caisson-token=" + link),
        List.of(
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Protocol: caisson.key."),
        List.of(
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Protocol: caisson.key.ck_w, caisson.attach.v1"));
  }

  @Test
  void nothingThatIsMappedIsReachedWithoutAKeyHoweverItIsWritten() throws Exception {
    Set<MappedPaths.Mapped> all = MappedPaths.of(context);
    assertThat(all).hasSizeGreaterThan(90);
    assertThat(all.stream().map(MappedPaths.Mapped::pattern))
        .contains("/v1/sandboxes/{id}/docker/engine/**", "/actuator/prometheus", "/error", "/")
        .containsAll(OPEN);
    List<List<String>> shown = shown();
    List<Callable<List<String>>> tries = new ArrayList<>();
    for (MappedPaths.Mapped each : all) {
      tries.add(() -> wrong(each, shown));
    }
    List<String> wrong = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<List<String>> each : threads.invokeAll(tries)) {
        wrong.addAll(each.get());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(OPEN).containsAll(witness.reached);
  }

  /** Each answer to this mapping that is not a refusal. */
  private List<String> wrong(MappedPaths.Mapped mapped, List<List<String>> shown)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    try (RawHttp own = new RawHttp(port)) {
      for (String path : Disguises.of(mapped.path())) {
        for (List<String> headers : shown) {
          RawHttp.Answer answer = own.ask(mapped.method(), path, with(headers, mapped.method()));
          boolean refused = Set.of(400, 401, 404).contains(answer.status()) && !answer.has(PASSED);
          // With no engine the service is not well, and says so.
          boolean said = answer.status() < 500 || answer.status() == 503;
          if (OPEN.contains(mapped.pattern()) ? !said : !refused) {
            wrong.add(mapped.method() + " " + path + " " + headers + ": " + answer);
          }
        }
      }
    }
    return wrong;
  }

  private static String[] with(List<String> headers, String method) {
    List<String> all = new ArrayList<>(headers);
    if (!method.equals("GET")) {
      all.add("Content-Length: 0");
    }
    return all.toArray(String[]::new);
  }

  @Test
  void theKeyOpensEachOfThem() throws IOException {
    for (MappedPaths.Mapped each : MappedPaths.of(context)) {
      if (!each.pattern().contains("events") && !each.method().equals("HEAD")) {
        RawHttp.Answer answer =
            http.ask(
                each.method(),
                each.path(),
                with(List.of("Authorization: Bearer " + key), each.method()));
        assertThat(answer.has(PASSED)).as(each + ": " + answer).isTrue();
      }
    }
  }

  /** Finding T01, byte for byte. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/sandboxes/sb-aaaaaaaa/docker;/engine/..;/..;/..;/..;/..;/console/docker/engine/version",
        "/v1/sandboxes/sb-aaaaaaaa/docker/engine/..;/..;/..;/..;/..;/console/docker/engine/version"
      })
  void theDockerApiIsNotReachedByAPathThatLooksLikeTheConsoles(String path) throws IOException {
    RawHttp.Answer answer = http.ask("GET", path);
    assertThat(answer.status()).isEqualTo(path.contains("docker;") ? 400 : 401);
    assertThat(answer.head()).contains("content-type: application/problem+json");
    assertThat(answer.has(PASSED)).isFalse();
  }

  @Test
  void theDockerApiIsFoundByItsLiteralBeginningAlone() throws IOException {
    String bearer = "Authorization: Bearer " + key;
    assertThat(
            http.ask("GET", "/v1/sandboxes/sb-aaaaaaaa/docker/engin%65/version", bearer).status())
        .isEqualTo(400);
    assertThat(
            http.ask("GET", "/v1/sandboxes/sb-aaaaaaaa/docker/engine/a%2Fb/../c;d", bearer)
                .status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/sandboxes/sb-aaaaaaaa/processes/1/attach, 404",
    "GET, /v1/sandboxes/sb-aaaaaaaa/tunnels/80, 404",
    "GET, /v1/sandboxes/sb-aaaaaaaa/ports/80/socket, 404",
    "POST, /v1/sandboxes/sb-aaaaaaaa/processes/1/attach, 401",
    "HEAD, /v1/sandboxes/sb-aaaaaaaa/processes/1/attach, 401",
    "GET, /v1/sandboxes, 401",
    "DELETE, /v1/sandboxes/sb-aaaaaaaa, 401",
    "GET, /v1/sandboxes/sb-aaaaaaaa/docker/engine/version, 401",
    "GET, /v1/nothing, 401"
  })
  void aKeyAmongTheProtocolsCountsForHandshakesAlone(String method, String path, int status)
      throws IOException {
    String offer = "Sec-WebSocket-Protocol: caisson.attach.v1, caisson.key." + key;
    assertThat(http.ask(method, path, "Upgrade: websocket", "Connection: Upgrade", offer).status())
        .isEqualTo(status);
    assertThat(http.ask(method, path, offer).status()).as("no handshake").isEqualTo(401);
  }

  @Test
  void aWrongHeaderIsNotMendedByARightProtocol() throws IOException {
    assertThat(
            http.ask(
                    "GET",
                    "/v1/sandboxes/sb-aaaaaaaa/processes/1/attach",
                    "Authorization: Bearer wrong",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Protocol: caisson.key." + key)
                .status())
        .isEqualTo(401);
  }

  @Test
  void aGrantOpensItsOwnSandboxesDockerAndNothingElse() throws IOException {
    String token =
        grants.issue("sb-bbbbbbbb", Grant.Scope.DOCKER, null, Duration.ofHours(1)).token();
    String bearer = "Authorization: Bearer " + token;
    String own = "/v1/sandboxes/sb-bbbbbbbb/docker/engine/_ping";
    // There is no such sandbox any more: who is told so was let in.
    assertThat(http.ask("GET", own, bearer).status()).isEqualTo(404);
    RawHttp.Answer byPath = http.ask("GET", "/v1/docker/" + token + "/_ping");
    assertThat(byPath.status()).as(byPath.body()).isEqualTo(404);
    assertThat(http.ask("POST", "/session", bearer, "Content-Length: 0").status()).isEqualTo(404);
    assertThat(http.ask("POST", "/grpc", bearer, "Content-Length: 0").status()).isEqualTo(404);
    assertThat(http.ask("POST", "/grpc", "Content-Length: 0").status()).isEqualTo(401);
    for (String path :
        List.of(
            own.replace("sb-bbbbbbbb", "sb-aaaaaaaa"),
            "/v1/sandboxes/sb-bbbbbbbb",
            "/v1/sandboxes/sb-bbbbbbbb/docker",
            "/v1/sandboxes/sb-bbbbbbbb/docker/engine",
            "/v1/sandboxes/sb-bbbbbbbb/ports/80/",
            "/v1/docker/cg_" + token.substring(4) + "/_ping",
            "/v1/docker/" + token)) {
      RawHttp.Answer answer = http.ask("GET", path, bearer);
      assertThat(answer.status()).as(path).isEqualTo(401);
      assertThat(answer.body()).doesNotContain(token);
    }
    assertThat(http.ask("GET", "/v1/docker/" + token + "/_ping").body()).doesNotContain(token);
    assertThat(http.ask("GET", "/v1/docker;/" + token + "/_ping").status()).isEqualTo(400);
  }

  @Test
  void whatNoClientSendsIsRefusedAndNotWrittenDown(CapturedOutput log) throws IOException {
    String host = "Host: 127.0.0.1:" + port + "\r\n";
    String bearer = "Authorization: Bearer " + key + "\r\n";
    for (String wrong :
        List.of(
            "GET /v1/sandboxes HTTP/1.1\r\n" + bearer + "\r\n",
            "GET /v1/sandboxes HTTP/1.1\r\n" + host + host + bearer + "\r\n",
            "GET /v1/sandboxes HTTP/1.1\r\n" + host + "Host: other\r\n" + bearer + "\r\n",
            "GET /v1/sandboxes HTTP/1.1\r\n" + host + bearer.replace(":", " :") + "\r\n",
            "GET http://other/v1/sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET v1/sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1\\sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1/sand\u0001boxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1/sand\u0000boxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1/sandboxes/..;/sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1/sandboxes;x HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1//sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n",
            "GET /v1/sandboxes HTTP/1.1\r\n" + host + "X: a\rb\r\n" + bearer + "\r\n")) {
      RawHttp.Answer answer = http.send(wrong, "GET");
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.has(PASSED)).isFalse();
      http.close();
    }
    assertThat(log).doesNotContain(key);
    String absolute = "GET http://127.0.0.1:" + port;
    assertThat(http.send(absolute + "/v1/sandboxes HTTP/1.1\r\n" + host + "\r\n", "GET").status())
        .isEqualTo(401);
    assertThat(
            http.send(absolute + "/console/..;/v1/sandboxes HTTP/1.1\r\n" + host + "\r\n", "GET")
                .status())
        .isEqualTo(400);
    assertThat(
            http.send(absolute + "/v1/sandboxes HTTP/1.1\r\n" + host + bearer + "\r\n", "GET")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/actuator/health",
        "/console/main.js",
        "/v1/sandboxes",
        "/a/..;/b",
        "/a%2fb"
      })
  void underTheHostNameOfAPortNothingIsOpen(String path) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: 80-sb-aaaaaaaa.sandboxes.test:%d\r\n\r\n".formatted(path, port);
    RawHttp.Answer answer = http.send(request, "GET");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.has(PASSED)).isFalse();
  }

  private RawHttp.Answer atHost(String host, String method, String path, String headers)
      throws IOException {
    return http.send(
        "%s %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: 0\r\n%s\r\n"
            .formatted(method, path, host, port, headers),
        method);
  }

  @Test
  void theHostNameOfATokenIsItsDaemonsWhateverThePath(CapturedOutput log) throws IOException {
    Grants.Issued issued =
        grants.issue("sb-bbbbbbbb", Grant.Scope.DOCKER, null, Duration.ofHours(1));
    String other =
        grants.issue("sb-aaaaaaaa", Grant.Scope.DOCKER, null, Duration.ofHours(1)).token();
    String host = issued.label() + ".sandboxes.test";
    for (String path :
        List.of(
            "/",
            "/_ping",
            "/grpc",
            "/session",
            "/v1.50/containers/json?all=1",
            "/v1/sandboxes",
            "/v1/sandboxes/sb-aaaaaaaa/ports/80/",
            "/v1/docker/" + other + "/_ping",
            "/actuator/health",
            "/console/main.js",
            "/a/..;/b//c%2fd")) {
      for (String method : List.of("GET", "POST", "DELETE")) {
        RawHttp.Answer answer = atHost(host, method, path, "Authorization: Bearer " + key + "\r\n");
        // There is no such sandbox any more: who is told so was let in to it.
        assertThat(answer.status()).as(method + path + answer).isEqualTo(404);
        JsonNode problem = Api.JSON.readTree(answer.body());
        assertThat(problem.get("code").asString()).isEqualTo("SANDBOX_NOT_FOUND");
        assertThat(answer.body()).contains("sb-bbbbbbbb").doesNotContain(issued.label());
      }
    }
    assertThat(atHost(host, "HEAD", "/_ping", "").status()).isEqualTo(404);
    assertThat(atHost(host.toUpperCase(Locale.ROOT), "GET", "/_ping", "").status()).isEqualTo(404);
    grants.revoke("sb-bbbbbbbb", issued.id());
    assertThat(atHost(host, "GET", "/_ping", "").status()).isEqualTo(401);
    assertThat(log).doesNotContain(issued.label()).doesNotContain(other);
  }

  @Test
  void thePortForCertificatesIsTheDaemonsWhateverThePathAndTheKey(CapturedOutput log)
      throws Exception {
    Grants.Issued issued =
        grants.issue("sb-bbbbbbbb", Grant.Scope.DOCKER, null, Duration.ofHours(1));
    String other =
        grants.issue("sb-aaaaaaaa", Grant.Scope.DOCKER, null, Duration.ofHours(1)).token();
    DockerTls.Signed signed = tls.sign(issued.id(), issued.expiresAt(), null);
    List<String> paths = new ArrayList<>();
    paths.addAll(List.of("/_ping", "/grpc", "/v1/docker/" + other + "/_ping", "/a/..;/b//c%2fd"));
    MappedPaths.of(context).forEach(each -> paths.add(each.path()));
    try (RawHttp certified = new RawHttp(CERTIFIED, ClientFiles.of(signed).sockets())) {
      for (String path : paths) {
        for (String method : List.of("GET", "POST", "DELETE")) {
          for (String shown : List.of(key, other)) {
            RawHttp.Answer answer =
                certified.ask(method, path, "Authorization: Bearer " + shown, "Content-Length: 0");
            // There is no such sandbox any more: who is told so was let in to it.
            assertThat(answer.status()).as(method + path + answer).isEqualTo(404);
            JsonNode problem = Api.JSON.readTree(answer.body());
            assertThat(problem.get("code").asString()).isEqualTo("SANDBOX_NOT_FOUND");
            assertThat(answer.body()).contains("sb-bbbbbbbb");
          }
        }
      }
      assertThat(witness.reached).containsExactly("/v1/sandboxes/{id}/docker/engine/**");
      for (String host : List.of("80-sb-aaaaaaaa.sandboxes.test", "", "sandboxes.test")) {
        assertThat(
                certified.send("GET /_ping HTTP/1.1\r\nHost: " + host + "\r\n\r\n", "GET").body())
            .as(host)
            .contains("sb-bbbbbbbb");
      }
    }
    assertThat(log).doesNotContain("PRIVATE KEY").doesNotContain(other);
  }

  @Test
  void theHostNameOfNoTokenIsNothingAtAll() throws IOException {
    Grants.Issued link = grants.issue("sb-aaaaaaaa", Grant.Scope.PORT, 81, Duration.ofHours(1));
    Grants.Issued docker =
        grants.issue("sb-bbbbbbbb", Grant.Scope.DOCKER, null, Duration.ofHours(1));
    for (String label :
        List.of(
            "k7m2p9w3xh" + "0".repeat(52),
            "k7m2p9w3xh" + "v".repeat(52),
            link.label(),
            docker.label().substring(0, 61) + (docker.label().endsWith("0") ? "1" : "0"))) {
      for (String path : List.of("/", "/_ping", "/actuator/health", "/v1/sandboxes")) {
        for (String auth :
            List.of(
                "",
                "Authorization: Bearer " + key + "\r\n",
                "Authorization: Bearer " + docker.token() + "\r\n")) {
          RawHttp.Answer answer = atHost(label + ".sandboxes.test", "GET", path, auth);
          assertThat(answer.status()).as(label + path + answer).isEqualTo(401);
          assertThat(answer.has(PASSED)).isFalse();
          assertThat(answer.body()).contains("This token is not known").doesNotContain(label);
        }
      }
    }
    // A token is none below another domain, nor below a port's.
    for (String host : List.of(".sandboxes.test.evil.test", ".80-sb-aaaaaaaa.sandboxes.test")) {
      assertThat(atHost(docker.label() + host, "GET", "/v1/sandboxes", "").status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /_ping",
    "POST, /grpc",
    "POST, /session",
    "GET, /version",
    "GET, /info",
    "GET, /v1.50/containers/json",
    "POST, /v1.24/build"
  })
  void aDockerClientThatHasDroppedItsPathIsToldWhatToDo(String method, String path)
      throws IOException {
    for (String headers : new String[] {"", "Authorization: Bearer wrong\r\n"}) {
      RawHttp.Answer answer = atHost("127.0.0.1", method, path, headers);
      assertThat(answer.status()).isEqualTo(401);
      // Docker's clients show the message alone where the type is this one.
      assertThat(answer.head()).contains("content-type: application/json\r\n");
      assertThat(Api.JSON.readTree(answer.body()).get("message").asString())
          .contains("caisson forward SANDBOX 2375:engine");
    }
    assertThat(atHost("80-sb-aaaaaaaa.sandboxes.test", method, path, "").head())
        .as("an application's path may be the same")
        .contains("content-type: application/problem+json");
  }
}
