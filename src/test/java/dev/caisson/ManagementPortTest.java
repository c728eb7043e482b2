package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The same door is before a port of Actuator's own, where an operator gives it one. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "management.server.port=0")
class ManagementPortTest {
  @TempDir static Path home;
  @LocalServerPort int port;
  @LocalManagementPort int management;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
  }

  @Test
  void healthIsOpenThereAndNothingElseIs() throws IOException {
    String key = "Authorization: Bearer " + Files.readString(home.resolve("admin.key")).strip();
    try (RawHttp own = new RawHttp(management);
        RawHttp service = new RawHttp(port)) {
      assertThat(own.ask("GET", "/actuator/health/liveness").body())
          .isEqualTo("{\"status\":\"UP\"}");
      assertThat(own.ask("GET", "/actuator/health").body()).doesNotContain("components");
      for (String path : new String[] {"/actuator/prometheus", "/actuator", "/v1/sandboxes", "/"}) {
        assertThat(own.ask("GET", path).status()).as(path).isEqualTo(401);
      }
      assertThat(own.ask("GET", "/actuator/health/..;/prometheus").status()).isEqualTo(400);
      assertThat(own.ask("GET", "/actuator/prometheus", key).status()).isEqualTo(200);
      assertThat(own.ask("GET", "/actuator/health", key).body()).contains("components");
      assertThat(service.ask("GET", "/actuator/health").status()).isEqualTo(401);
    }
  }
}
