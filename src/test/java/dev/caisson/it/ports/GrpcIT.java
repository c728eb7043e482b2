package dev.caisson.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.LocalTunnel;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.TunnelClient;
import dev.caisson.it.client.CliTool;
import dev.caisson.it.docker.DockerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A real gRPC server in a sandbox and its ordinary client outside, by forwards and by tunnel: all
 * kinds of calls, errors, trailers, cancels and deadlines, a hundred streams at once, a slow
 * reader.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcIT {
  private static final String IMAGE = "caisson/grpc:latest";
  private static final int PORT = 50051;
  private static final Path PROGRAMS = Path.of("src/test/python");

  private ServiceProcess service;
  private Api api;
  private String sandbox;
  private String path;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    Machine.run("./kit/grpc.sh");
    service = ServiceProcess.start(home);
    api = service.api();
    sandbox = api.sandbox(Map.of("image", IMAGE));
    path = "/v1/sandboxes/" + sandbox;
    api.put(
            path + "/files/content?path=/server.py",
            Files.readString(PROGRAMS.resolve("grpc_server.py")))
        .expecting(201);
    long pid =
        api.start(
            sandbox,
            Map.of("shell", "exec python3 /server.py " + PORT, "readiness", Map.of("port", PORT)));
    api.get(path + "/processes/" + pid + "?waitFor=READY&timeout=PT60S").expecting(200);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void byTheCommandLine(@TempDir Path home) throws IOException {
    Process forward =
        new CliTool(service, home).start("forward", "-o", "json", sandbox, "0:" + PORT);
    try (BufferedReader lines = forward.inputReader()) {
      calls(Api.JSON.readTree(lines.readLine()).get("listen").asInt());
    } finally {
      forward.destroy();
      DockerClient.end(forward);
    }
  }

  @Test
  void byAForwardOfTheService() {
    JsonNode forward = api.post(path + "/forwards", Map.of("port", PORT)).expecting(201);
    calls(forward.get("listen").asInt());
    assertThat(api.delete(path + "/forwards/" + forward.get("id").asString()).status())
        .isEqualTo(204);
  }

  @Test
  void byTunnelsThatALocalPortLeadsInto() throws IOException {
    URI uri =
        URI.create(
            api.request(path + "/tunnels/" + PORT)
                .GET()
                .build()
                .uri()
                .toString()
                .replaceFirst("^http", "ws"));
    String key = "Bearer " + service.key();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        LocalTunnel local =
            new LocalTunnel(
                () -> TunnelClient.open(client, uri, List.of(), "Authorization", key))) {
      calls(local.port());
    }
  }

  /** Has the client make its calls at a port of this host. */
  private static void calls(int port) {
    Path programs = PROGRAMS.toAbsolutePath();
    String said =
        Machine.run(
            "docker",
            "run",
            "--rm",
            "--userns=host",
            "--network=host",
            "-v",
            programs + ":/programs:ro",
            IMAGE,
            "python3",
            "/programs/grpc_client.py",
            "127.0.0.1:" + port);
    System.out.println(said.strip());
    assertThat(said).contains("every step held");
  }
}
