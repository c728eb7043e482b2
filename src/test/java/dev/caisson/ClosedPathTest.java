package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.access.Grant;
import dev.caisson.access.Grants;
import dev.caisson.it.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** With a domain for ports, no application is reached in the origin of the console. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ClosedPathTest {
  private static final String PATH = "/v1/sandboxes/sb-aaaaaaaa/ports/80/";

  @TempDir static Path home;
  @LocalServerPort int port;
  @Autowired Grants grants;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
    registry.add("caisson.ports.domain", () -> "sandboxes.test");
  }

  private String key() throws IOException {
    return "Authorization: Bearer " + Files.readString(home.resolve("admin.key")).strip();
  }

  @Test
  void whoeverAsksByPathIsToldWhereThePortIs() throws IOException {
    String token = grants.issue("sb-aaaaaaaa", Grant.Scope.PORT, 80, Duration.ofHours(1)).token();
    String[][] shown = {
      {},
      {key()},
      {"Cookie: caisson-token=" + token},
      {"Sec-Fetch-Mode: navigate", "Accept: text/html"},
      {"Upgrade: websocket", "Connection: Upgrade"}
    };
    try (RawHttp http = new RawHttp(port)) {
      for (String[] headers : shown) {
        for (String method : new String[] {"GET", "OPTIONS", "PROPFIND"}) {
          for (String below : new String[] {"", "a/b", "?caisson-token=" + token}) {
            RawHttp.Answer answer = http.ask(method, PATH + below, headers);
            assertThat(answer.status()).as(below).isEqualTo(404);
            assertThat(answer.has("set-cookie")).isFalse();
            assertThat(answer.head()).contains("content-type: application/problem+json");
            JsonNode problem = Api.JSON.readTree(answer.body());
            assertThat(problem.get("code").asString()).isEqualTo("PORT_BY_PATH_OFF");
            assertThat(problem.get("url").asString())
                .isEqualTo("http://80-sb-aaaaaaaa.sandboxes.test:" + port + "/");
            assertThat(answer.body()).doesNotContain(token);
          }
        }
      }
    }
  }

  @Test
  void byPathNothingIsPassedOnAndByHostNameItIs() throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      assertThat(http.ask("GET", PATH + "a;b", key()).status()).isEqualTo(400);
      assertThat(http.ask("GET", PATH + "../../81/", key()).status()).isEqualTo(400);
      String request =
          "GET /a;b HTTP/1.1\r\nHost: 80-sb-aaaaaaaa.sandboxes.test\r\n" + key() + "\r\n\r\n";
      JsonNode problem = Api.JSON.readTree(http.send(request, "GET").body());
      // There is no such sandbox: it was looked for.
      assertThat(problem.get("code").asString()).isEqualTo("SANDBOX_NOT_FOUND");
    }
  }
}
