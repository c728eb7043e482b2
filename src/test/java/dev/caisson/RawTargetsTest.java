package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * Every byte there is in a request's target, wherever a path is begun by this service and ended by
 * somebody else: it is understood or refused, and never a fault of the service's. There is no
 * sandbox here, so that each answer is a problem; HostilePortsIT shows what arrives in one.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RawTargetsTest {
  @TempDir static Path home;
  @LocalServerPort int port;
  private String key = "";
  private RawHttp http = new RawHttp(0);

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
    registry.add("caisson.ports.domain", () -> "sandboxes.test");
    registry.add("caisson.ports.by-path", () -> "true");
  }

  @BeforeEach
  void connect() throws IOException {
    key = "Authorization: Bearer " + Files.readString(home.resolve("admin.key")).strip() + "\r\n";
    http = new RawHttp(port);
  }

  @AfterEach
  void disconnect() throws IOException {
    http.close();
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/sandboxes/sb-aaaaaaaa/ports/80/",
        "/v1/sandboxes/sb-aaaaaaaa/docker/engine/",
        "http://80-sb-aaaaaaaa.sandboxes.test/",
        "/v1/sandboxes/sb-aaaaaaaa/",
        "/v1/sandboxes/",
        "/actuator/health/",
        "/actuator/",
        "/console/",
        "/swagger-ui/",
        "/"
      })
  void everyByteIsUnderstoodOrRefused(String base) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (int c = 0; c < 256; c++) {
      for (String form :
          List.of("aRAWb", "RAW", "a/RAWRAW/b", "?q=RAW", "a?RAW", "HEX", "HEX/b", "?HEX")) {
        String target =
            base
                + form.replace("RAW", String.valueOf((char) c))
                    .replace("HEX", "%%%02x".formatted(c));
        if (target.chars().anyMatch(each -> " \r\n".indexOf(each) >= 0)) {
          // The target ends there.
          continue;
        }
        for (String auth : List.of(key, "")) {
          RawHttp.Answer answer = ask(target, auth);
          if (answer.status() >= 500 && answer.status() != 503) {
            wrong.add(c + " " + target + ": " + answer.status());
          } else if (answer.status() == 200 && base.contains("sb-")) {
            wrong.add(c + " " + target + ": there is no such sandbox, and 200");
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a{b}", "a^b", "a|b", "a\"b", "[", "/", "/[/", "//b", "%zz", "%7b"})
  void whatIsPassedOnIsAProblemOfThePortsOwn(String below) throws IOException {
    for (String base :
        List.of(
            "/v1/sandboxes/sb-aaaaaaaa/ports/80/",
            "/v1/sandboxes/sb-aaaaaaaa/docker/engine/",
            "http://80-sb-aaaaaaaa.sandboxes.test/")) {
      RawHttp.Answer answer = ask(base + below, key);
      if (below.equals("%zz")) {
        assertThat(answer.status()).isEqualTo(400);
        continue;
      }
      assertThat(answer.head()).contains("content-type: application/problem+json");
      JsonNode problem = Api.JSON.readTree(answer.body());
      assertThat(problem.get("code").asString()).as(base + below).isEqualTo("SANDBOX_NOT_FOUND");
    }
  }

  @Test
  void everyPathOfActuatorThatLeadsNowhereIsAProblem() throws IOException {
    for (String path :
        List.of(
            "/actuator/health/nothing",
            "/actuator/health/db/nothing",
            "/actuator/health/readiness/nothing",
            "/actuator/health/diskSpace/nothing",
            "/actuator/nothing",
            "/actuator/info/nothing",
            "/actuator/sbom/nothing",
            "/actuator/prometheus/nothing")) {
      RawHttp.Answer answer = ask(path, key);
      assertThat(answer.status()).as(path + ": " + answer).isEqualTo(404);
      assertThat(answer.head()).as(path).contains("content-type: application/problem+json");
      assertThat(Api.JSON.readTree(answer.body()).get("code").asString())
          .as(path)
          .isEqualTo("NOT_FOUND");
    }
  }

  private RawHttp.Answer ask(String target, String headers) throws IOException {
    String host = "127.0.0.1";
    String path = target;
    if (target.startsWith("http://")) {
      int slash = target.indexOf('/', "http://".length());
      host = target.substring("http://".length(), slash);
      path = target.substring(slash);
    }
    return http.send(
        "GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n" + headers + "\r\n",
        "GET");
  }
}
