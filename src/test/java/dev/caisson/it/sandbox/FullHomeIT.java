package dev.caisson.it.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.service.SmallHome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A state directory without space: what goes on meanwhile, what is said, and that all comes back.
 */
class FullHomeIT {

  @Test
  void theDatabaseComesBackByItselfAndHealthTellsTheTruth(@TempDir Path directory) {
    try (SmallHome home = new SmallHome(directory, "256M");
        ServiceProcess service =
            ServiceProcess.start(
                home.directory(),
                // The watch of the disk is tried elsewhere: here the database is to meet ENOSPC.
                Map.of("CAISSON_DISK_REFUSEBELOW", "0", "CAISSON_DISK_ENDBELOW", "0"))) {
      Api api = service.api();
      String sandbox = api.sandbox(Map.of("image", Machine.STATIC));
      Eventually.holds(
          () -> home.directory().resolve("reserve").toFile().length(),
          length -> length == 16 << 20);

      // Each of its files is to meet it: the reserve is given up, and taken by somebody else.
      Eventually.holds(
          () -> {
            home.fill();
            Api.Reply ended = exec(api, sandbox, "meanwhile");
            assertThat(ended.status()).as("a process needs no record to run").isEqualTo(200);
            // The reserve brings it back for a moment, until that is taken, too.
            return api.get("/actuator/health/readiness").status() == 503
                && api.get("/actuator/health/db").json().get("status").asString().equals("DOWN");
          },
          Boolean::booleanValue);
      assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
      assertThat(home.directory().resolve("reserve")).doesNotExist();

      home.free();
      Eventually.holds(
          () -> api.get("/actuator/health/readiness").status(), status -> status == 200);
      String second = api.sandbox(Map.of("image", Machine.STATIC));
      assertThat(exec(api, second, "after").status()).isEqualTo(200);
      assertThat(api.get("/v1/sandboxes").expecting(200).get("items")).hasSize(2);
      api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S").expecting(200);
      assertThat(
              api.get("/v1/sandboxes/" + sandbox + "/processes?limit=1")
                  .expecting(200)
                  .get("items"))
          .as("what ran meanwhile is recorded")
          .hasSize(1);
    }
  }

  private static Api.Reply exec(Api api, String sandbox, String word) {
    return api.post(
        "/v1/sandboxes/" + sandbox + "/processes",
        Map.of("command", java.util.List.of("/bin/busybox", "echo", word)));
  }
}
