package dev.caisson.it.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.RawHttp;
import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Calls by path, each on a connection of its own, share connections to the sandbox's daemon. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptTunnelsIT {
  /** Established connections of whoever listens at a path: the state of others is 1. */
  private static final String CONNECTIONS =
      "awk '$6 == \"03\" && $8 == \"/run/docker.sock\"' /proc/net/unix | wc -l";

  private final Api api;
  @AutoClose private final DockerSandbox sandbox;
  private String token;

  KeptTunnelsIT(Api api) {
    this.api = api;
    sandbox = new DockerSandbox(api, Machine.DEBIAN);
    token = grant().get("token").asString();
  }

  @Test
  void oneCallAfterAnotherTakesOneConnection() throws IOException {
    call("GET", "/version", 200);
    int before = connections();

    for (int i = 0; i < 20; i++) {
      call("GET", "/version", 200);
      call("HEAD", "/_ping", 200);
      call("GET", "/containers/none/json", 404);
      call("POST", "/containers/prune", 200);
    }

    assertThat(connections()).isLessThanOrEqualTo(before);
  }

  @Test
  void manyAtOnceAllAnswerAndFewAreKept() throws Exception {
    int before = connections();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 60)
              .<Future<?>>mapToObj(_ ->
                  callers.submit(() -> {
                    call("GET", "/info", 200);
                    return null;
                  }))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }

    assertThat(connections()).isLessThanOrEqualTo(before + 4);
  }

  /** What was kept is of the daemon that has ended: nobody is answered by it, nor refused. */
  @Test
  void aDaemonThatWasRestartedAnswersTheFirstCall() throws IOException {
    for (int i = 0; i < 3; i++) {
      call("GET", "/version", 200);
      api.post(sandbox.path() + "/docker/restart", Map.of()).expecting(200);
      api.get(sandbox.path() + "/docker?waitFor=READY&timeout=PT1M").expecting(200);

      call("POST", "/containers/prune", 200);
    }
  }

  /** A grant's end cuts its own exchanges, and those of nobody else. */
  @Test
  void aRevokedTokenLeavesTheOthersTheirConnections() throws IOException {
    JsonNode other = grant();
    String mine = token;
    token = other.get("token").asString();
    call("GET", "/version", 200);
    api.delete(sandbox.path() + "/grants/" + other.get("id").asString()).expecting(204);
    call("GET", "/version", 401);

    token = mine;
    call("GET", "/version", 200);
  }

  private JsonNode grant() {
    return api.post(sandbox.path() + "/grants", Map.of("scope", "DOCKER", "ttl", "PT10M"))
        .expecting(201);
  }

  private void call(String method, String path, int status) throws IOException {
    try (RawHttp http = new RawHttp(api.port())) {
      RawHttp.Answer answer =
          http.ask(method, "/v1/docker/" + token + path, "Content-Length: 0", "Connection: close");
      assertThat(answer.status()).as(method + " " + path).isEqualTo(status);
    }
  }

  private int connections() {
    return Integer.parseInt(sandbox.said(CONNECTIONS).strip());
  }
}
