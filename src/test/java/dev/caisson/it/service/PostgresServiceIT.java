package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.Postgres;
import dev.caisson.it.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service on a real PostgreSQL that goes away and comes back. */
class PostgresServiceIT {

  @Test
  void aDatabaseThatIsAwayTakesReadinessDownAndNothingElse(@TempDir Path home) throws Exception {
    try (Postgres postgres = new Postgres()) {
      postgres.start();
      try (ServiceProcess service =
          ServiceProcess.start(
              home,
              Map.of(
                  "SPRING_DATASOURCE_URL", postgres.url(),
                  "SPRING_DATASOURCE_USERNAME", "caisson",
                  "SPRING_DATASOURCE_PASSWORD", "caisson"))) {
        Api api = service.api();
        String sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
        postgres.stopServer();

        JsonNode during = api.shell(sandbox, "echo meanwhile");
        assertThat(Api.text(during, "stdout")).isEqualTo("meanwhile\n");
        assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
        JsonNode refused = api.post("/v1/sandboxes", Map.of()).expecting(503);
        assertThat(refused.get("code").asString()).isEqualTo("DATABASE_UNREACHABLE");

        postgres.startServer();
        Eventually.holds(
            () -> api.get("/actuator/health/readiness").status(), status -> status == 200);
        Eventually.holds(
            () -> api.get("/actuator/prometheus").text(),
            text -> text.contains("caisson_ledger_pending 0.0"));
        long pid = during.get("pid").asLong();
        api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
        service.kill();
        service.start();
        Api after = service.api();
        assertThat(after.get("/v1/sandboxes/" + sandbox).expecting(200).get("reason").asString())
            .isEqualTo("TERMINATED");
        assertThat(after.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout").text())
            .isEqualTo("meanwhile\n");
        assertThat(after.get("/v1/sandboxes").expecting(200).get("items")).hasSize(1);
      }
    }
  }

  /**
   * For how long: {@code -Dcaisson.cut.seconds=300} is what an operator's network may do; less than
   * a minute meets the same code, since nothing waits longer than that.
   */
  private static final int CUT = Integer.getInteger("caisson.cut.seconds", 25);

  /** Between two calls: a sandbox keeps 10,000 processes that are over, and forgets the oldest. */
  private static final Duration BREATH = Duration.ofMillis(CUT / 6);

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void nothingAcknowledgedIsLostWhenTheNetworkToItIsCutUnderLoad(@TempDir Path home)
      throws Exception {
    try (Postgres postgres = new Postgres()) {
      postgres.start();
      try (CutCable cable = new CutCable(postgres.port());
          ServiceProcess service =
              ServiceProcess.start(
                  home,
                  Map.of(
                      "SPRING_DATASOURCE_URL",
                          "jdbc:postgresql://127.0.0.1:" + cable.port() + "/postgres",
                      "SPRING_DATASOURCE_USERNAME", "caisson",
                      "SPRING_DATASOURCE_PASSWORD", "caisson"))) {
        Api api = service.api();
        List<String> sandboxes =
            List.of(
                api.sandbox(Map.of("image", Machine.STATIC)),
                api.sandbox(Map.of("image", Machine.STATIC)));
        Map<String, String> told = new ConcurrentHashMap<>();
        Set<String> created = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> calling = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
            AutoCloseable _ = () -> over.set(true)) {
          for (String sandbox : sandboxes) {
            calling.add(
                callers.submit(() -> {
                  for (int i = 0; !over.get(); i++) {
                    Api.Reply reply =
                        api.post(
                            "/v1/sandboxes/" + sandbox + "/processes",
                            Map.of("command", List.of("/bin/busybox", "echo", "n" + i)));
                    if (reply.status() == 200) {
                      told.put(sandbox + "/processes/" + reply.json().get("pid").asLong(), "n" + i);
                    }
                    Thread.sleep(BREATH);
                  }
                  return null;
                }));
          }
          calling.add(
              callers.submit(() -> {
                while (!over.get()) {
                  Api.Reply reply = api.post("/v1/sandboxes", Map.of("image", Machine.STATIC));
                  if (reply.status() == 201) {
                    String id = reply.json().get("id").asString();
                    created.add(id);
                    api.delete("/v1/sandboxes/" + id + "?grace=PT0S");
                  }
                }
              }));
          Eventually.holds(told::size, size -> size > 20);
          cable.cut();
          int before = told.size();
          Eventually.holds(
              () -> api.get("/actuator/health/readiness").status(), status -> status == 503);
          assertThat(new CountDownLatch(1).await(CUT, TimeUnit.SECONDS)).isFalse();
          assertThat(told.size()).as("processes go on meanwhile").isGreaterThan(before);
          cable.mend();
          Eventually.holds(
              () -> api.get("/actuator/health/readiness").status(), status -> status == 200);
          over.set(true);
          for (Future<?> each : calling) {
            each.get(3, TimeUnit.MINUTES);
          }
        }
        Eventually.holds(
            () -> api.get("/actuator/prometheus").text(),
            text -> text.contains("caisson_ledger_pending 0.0"));
        assertThat(api.get("/actuator/prometheus").text())
            .contains("caisson_ledger_refused_total 0.0");
        for (String sandbox : sandboxes) {
          api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
        }
        service.kill();
        service.start();
        Api after = service.api();
        for (String id : created) {
          after.get("/v1/sandboxes/" + id).expecting(200);
        }
        told.forEach((process, word) -> {
          JsonNode record = after.get("/v1/sandboxes/" + process).expecting(200);
          assertThat(record.get("exit").get("code").asInt()).isZero();
          assertThat(after.get("/v1/sandboxes/" + process + "/stdout").text())
              .isEqualTo(word + "\n");
        });
        System.out.printf(
            "cut for %d s: %d processes and %d sandboxes acknowledged, all there%n",
            CUT, told.size(), created.size());
      }
    }
  }
}
