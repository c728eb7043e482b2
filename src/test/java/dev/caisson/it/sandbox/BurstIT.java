package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Many sandboxes at once: they take turns, and nobody waits who need not. */
class BurstIT {
  private static final Map<String, String> ONE_AT_A_TIME = Map.of("CAISSON_STARTS_ATONCE", "1");

  @Test
  void manyAtOnceAreAllMadeOneAfterTheOtherAndSayHowLongTheyWaited(@TempDir Path home)
      throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home, ONE_AT_A_TIME)) {
      Api api = service.api();
      List<JsonNode> made = new ArrayList<>();
      for (Api.Reply reply : atOnce(6, () -> api.post("/v1/sandboxes", debian()))) {
        made.add(reply.expecting(201));
      }
      assertThat(made.stream().map(each -> each.get("id").asString())).doesNotHaveDuplicates();
      assertThat(made.stream().filter(each -> waited(each) > 0).count()).isGreaterThanOrEqualTo(4);
      assertThat(api.get("/actuator/prometheus").text())
          .contains("caisson_sandbox_startup_seconds_count{stage=\"queue\"} 6")
          .contains("caisson_starts_going 0.0");

      for (Api.Reply reply :
          atOnce(6, () -> api.delete("/v1/sandboxes/" + take(made).get("id").asString()))) {
        assertThat(reply.expecting(200).get("state").asString()).isEqualTo("ENDED");
      }
    }
  }

  @Test
  void aPooledOneIsHadWhileOthersWaitForTheirTurn(@TempDir Path home) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home, ONE_AT_A_TIME)) {
      Api api = service.api();
      api.put(
              "/v1/templates/warm",
              HttpRequest.BodyPublishers.ofByteArray(
                  Api.JSON.writeValueAsBytes(
                      Map.of("sandbox", debian(), "pool", Map.of("min", 1)))),
              "Content-Type",
              "application/json")
          .expecting(202);
      Eventually.holds(
          () -> api.get("/v1/templates/warm").json().get("pool").get("ready").asInt(),
          ready -> ready == 1);

      // Of another shape: none of them is the pool's.
      Map<String, ?> cold = Map.of("image", Machine.DEBIAN, "network", Map.of("mode", "none"));
      for (int i = 0; i < 4; i++) {
        api.post("/v1/sandboxes", cold, "Prefer", "respond-async").expecting(202);
      }
      JsonNode claimed = api.post("/v1/sandboxes", Map.of("template", "warm")).expecting(201);
      assertThat(claimed.get("startup").get("pooled").asBoolean()).isTrue();
      JsonNode starting = api.get("/v1/sandboxes?state=STARTING").json().get("items");
      assertThat(starting).as("they wait still").isNotEmpty();
    }
  }

  @Test
  void oneTooManyIsRefusedAndLeavesNothing(@TempDir Path home) throws Exception {
    Map<String, String> settings = Map.of("CAISSON_STARTS_ATONCE", "1", "CAISSON_STARTS_MOST", "2");
    try (ServiceProcess service = ServiceProcess.start(home, settings)) {
      Api api = service.api();
      List<Integer> statuses = new ArrayList<>();
      for (Api.Reply reply : atOnce(6, () -> api.post("/v1/sandboxes", debian()))) {
        statuses.add(reply.status());
        if (reply.status() == 503) {
          assertThat(reply.json().get("code").asString()).isEqualTo("TOO_MANY_STARTS");
          assertThat(reply.response().headers().firstValue("Retry-After")).contains("5");
        }
      }
      assertThat(statuses).containsOnly(201, 503).contains(201, 503);
      assertThat(api.get("/v1/sandboxes").json().get("items"))
          .hasSize((int) statuses.stream().filter(status -> status == 201).count());
      assertThat(api.post("/v1/sandboxes", debian()).status()).isEqualTo(201);
    }
  }

  private static Map<String, ?> debian() {
    return Map.of("image", Machine.DEBIAN);
  }

  private static JsonNode take(List<JsonNode> from) {
    synchronized (from) {
      return from.removeLast();
    }
  }

  /** The milliseconds for which a sandbox waited for its turn. */
  private static long waited(JsonNode sandbox) {
    return StreamSupport.stream(sandbox.get("startup").get("stages").spliterator(), false)
        .filter(stage -> stage.get("name").asString().equals("queue"))
        .mapToLong(stage -> stage.get("ms").asLong())
        .sum();
  }

  private static List<Api.Reply> atOnce(int count, Callable<Api.Reply> call) throws Exception {
    List<Callable<Api.Reply>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(call);
    }
    List<Api.Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (Future<Api.Reply> each : threads.invokeAll(calls)) {
        replies.add(each.get());
      }
    }
    return replies;
  }
}
