package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
}
