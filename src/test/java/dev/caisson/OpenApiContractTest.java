package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The contract that is committed is the one that is served. After a wanted change: run this test
 * with {@code -Dcontract.write=true}, and read the difference.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class OpenApiContractTest {
  private static final Path CONTRACT = Path.of("openapi", "caisson.yaml");

  @TempDir static Path home;
  @LocalServerPort int port;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("caisson.sandbox.home", home::toString);
    registry.add("caisson.access.admin-key-file", () -> home.resolve("admin.key"));
    // The contract is served whether there is an engine or not.
    registry.add("caisson.engine.host", () -> "unix://" + home.resolve("no-engine.sock"));
  }

  @Test
  void theCommittedContractIsTheOneServed() throws IOException, InterruptedException {
    String served = served();
    if (Boolean.getBoolean("contract.write")) {
      Files.createDirectories(CONTRACT.getParent());
      Files.writeString(CONTRACT, served);
      Files.writeString(Path.of("docs", "reference.md"), Reference.of(CONTRACT));
    }
    assertThat(served).isEqualTo(Files.readString(CONTRACT));
  }

  private String served() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs.yaml"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }
}
