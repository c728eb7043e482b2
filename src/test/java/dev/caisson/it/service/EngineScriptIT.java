package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What kit/engine.sh says of an engine that answers; the client is Docker's, the engine a server of
 * this test.
 */
class EngineScriptIT {
  private static final String VERSION =
      """
      {"Version": "26.1.5", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64",
       "Components": [{"Name": "Engine", "Version": "26.1.5"}]}
      """;

  private HttpServer engine;
  private String info = "{}";

  @BeforeEach
  void start() throws IOException {
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext("/", this::answer);
    engine.start();
  }

  @AfterEach
  void stop() {
    engine.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body =
        (path.endsWith("/version") ? VERSION : path.endsWith("/info") ? info : "OK")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Api-Version", "1.41");
    exchange.getResponseHeaders().set("Ostype", "linux");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Test
  void oneThatHoldsAllLimitsIsNotTouched() throws Exception {
    info = "{\"CpuCfsQuota\": true, \"MemoryLimit\": true, \"PidsLimit\": true}";
    assertThat(run(0)).contains("a Docker engine answers (26.1.5): not touched");
  }

  @Test
  void oneThatCannotHoldALimitIsRefusedWithWhatIsMissingAndTheRemedy() throws Exception {
    info = "{\"CpuCfsQuota\": false, \"MemoryLimit\": true, \"PidsLimit\": false}";
    assertThat(run(1))
        .contains("the engine cannot limit cpu, pids of a container", "Delegate=cpu memory pids");
  }

  private String run(int code) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("./kit/engine.sh", "start");
    script.redirectErrorStream(true);
    script.environment().put("DOCKER_HOST", "tcp://127.0.0.1:" + engine.getAddress().getPort());
    Process running = script.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(running.exitValue()).as(said).isEqualTo(code);
    return said;
  }
}
